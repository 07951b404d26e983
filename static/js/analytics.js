// Counts a visit without a cookie, unless the browser asks not to be tracked. Then nothing is loaded at all.
(() => {
  const { program, folder, site } = document.currentScript.dataset;
  if (navigator.globalPrivacyControl || navigator.doNotTrack === "1" || window.doNotTrack === "1") return;
  const script = document.createElement("script");
  script.async = true;
  if (program === "matomo") {
    window._paq = [
      ["disableCookies"],
      ["disableBrowserFeatureDetection"],
      ["setDoNotTrack", true],
      ["setTrackerUrl", `${folder}matomo.php`],
      ["setSiteId", site],
      ["trackPageView"],
      ["enableLinkTracking"],
    ];
    script.src = `${folder}matomo.js`;
  } else {
    script.dataset.websiteId = site;
    script.dataset.doNotTrack = "true";
    script.src = `${folder}script.js`;
  }
  document.head.append(script);
})();

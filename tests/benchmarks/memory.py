"""How long a fuzzy lookup in the translation memory takes, at 50,000 units.

Run it with `python tests/benchmarks/memory.py`. Times are ratios to an exact lookup in the same process: a
shared machine's seconds say little.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="ichei-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "ichei_site.settings.dev"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from translations import memory  # noqa: E402
from translations.languages import get_language  # noqa: E402
from translations.models import MemoryUnit, SourceText  # noqa: E402
from translations.segments import Segment, digest_of  # noqa: E402

UNITS = 50_000
ROUNDS = 20
# Some of it is alike, as the texts of one institution are.
BEGINNINGS = [
    "The Centre",
    "UNESCO-ICHEI",
    "The Governing Board",
    "In collaboration with its partners, the Centre",
]
WORDS = """
held promoted higher education digital transformation developing countries Asia Africa partners capacity
building workshop international cooperation innovation technology smart classroom university programme support
knowledge equitable quality lifelong learning opportunities conference summit session agreement signed
"""


def sentence(generator: random.Random) -> str:
    words = generator.choices(WORDS.split(), k=generator.randint(4, 30))
    return f"{generator.choice(BEGINNINGS)} {' '.join(words)} {generator.randint(1, 10**6)}."


def fill(sources: list[str]) -> None:
    SourceText.objects.bulk_create(
        (SourceText(digest=digest_of(text, ()), text=text) for text in sources),
        batch_size=5000,
        ignore_conflicts=True,
    )
    now = timezone.now()
    MemoryUnit.objects.bulk_create(
        (
            MemoryUnit(
                source_id=digest_of(text, ()),
                language="fr",
                target=f"[fr] {text}",
                segment=f"pages.contentpage:{number}/body/b/0",
                approved_at=now,
            )
            for number, text in enumerate(sources)
        ),
        batch_size=5000,
    )


def milliseconds(function, segments) -> float:
    times = []
    for segment in segments:
        start = time.perf_counter()
        function(segment, get_language("fr"))
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def main(units: int) -> None:
    call_command("migrate", verbosity=0)
    generator = random.Random(30042)
    sources = [sentence(generator) for _number in range(units)]
    fill(sources)
    asked = [
        Segment(
            "pages.contentpage:1",
            "body",
            "b",
            "0",
            text.replace("digital", "new"),
            digest=digest_of(text, ()),
        )
        for text in generator.sample(sources, ROUNDS)
    ]
    start = time.perf_counter()
    memory.fuzzy(asked[0], get_language("fr"))
    first = (time.perf_counter() - start) * 1000
    exact = milliseconds(memory.exact, asked)
    fuzzy = milliseconds(memory.fuzzy, asked)
    print(f"{units} units. An exact lookup: {exact:.2f} ms.")
    print(f"A fuzzy lookup:                 {fuzzy / exact:6.1f} times an exact lookup")
    print(f"The first one of a process:     {first / exact:6.1f} times an exact lookup")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else UNITS)

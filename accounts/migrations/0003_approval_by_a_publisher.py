"""One workflow for pages and milestones: what an editor submits, a publisher approves."""

from django.db import migrations

NAME = "Approval by a publisher"
# What Wagtail's own migrations made for its group "Moderators".
WAGTAILS_OWN = "Moderators approval"


def content_type(apps, app_label, model):
    found, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )
    return found


def take_over(objects, **defaults):
    """Wagtail's own one under our name, so that what is under way in it goes on; or ours, or a new one."""
    found = objects.filter(name__in=[WAGTAILS_OWN, NAME]).order_by("pk").first()
    if found is None:
        return objects.create(name=NAME, active=True, **defaults)
    found.name, found.active = NAME, True
    found.save()
    return found


def make_workflow(apps, schema_editor):
    task = take_over(
        apps.get_model("wagtailcore.GroupApprovalTask").objects,
        content_type=content_type(apps, "wagtailcore", "groupapprovaltask"),
    )
    task.groups.set(apps.get_model("auth.Group").objects.filter(name="Publishers"))
    workflow = take_over(apps.get_model("wagtailcore.Workflow").objects)
    tasks = apps.get_model("wagtailcore.WorkflowTask").objects
    if not tasks.filter(workflow=workflow).exists():
        tasks.create(workflow=workflow, task=task, sort_order=0)
    # A workflow that staff have chosen for themselves stays.
    apps.get_model("wagtailcore.WorkflowPage").objects.get_or_create(
        page=apps.get_model("pages.BasePage").objects.get(depth=1), defaults={"workflow": workflow}
    )
    apps.get_model("wagtailcore.WorkflowContentType").objects.get_or_create(
        content_type=content_type(apps, "milestones", "milestone"), defaults={"workflow": workflow}
    )


def take_workflow_back(apps, schema_editor):
    apps.get_model("wagtailcore.WorkflowContentType").objects.filter(
        workflow__name=NAME, content_type__app_label="milestones"
    ).delete()
    for model in ("Workflow", "GroupApprovalTask"):
        apps.get_model(f"wagtailcore.{model}").objects.filter(name=NAME).update(name=WAGTAILS_OWN)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_groups")]

    operations = [migrations.RunPython(make_workflow, take_workflow_back)]

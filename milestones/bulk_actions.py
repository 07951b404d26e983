"""Publishing and unpublishing many milestones at once, from their list."""

from django.shortcuts import redirect
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from pages.readiness import all_are_ready

from .models import Milestone


class MilestoneBulkAction(SnippetBulkAction):
    template_name = "milestones/confirm_bulk_action.html"

    @classproperty
    def models(cls):  # noqa: N805
        return [Milestone]

    def check_perm(self, milestone):
        return self.permission_policy.user_has_permission_for_instance(
            self.request.user, "publish", milestone
        ) and not (milestone.get_lock() and milestone.get_lock().for_user(self.request.user))

    def get_execution_context(self):
        return {**super().get_execution_context(), "user": self.request.user}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "action_name": self.display_name,
            "question": self.question,
            "yes": self.yes,
            "no": self.no,
        }


class PublishMilestones(MilestoneBulkAction):
    display_name = _("Publish")
    action_type = "publish"
    aria_label = _("Publish selected milestones")
    action_priority = 10
    question = _("Publish the newest draft of each of these milestones?")
    yes, no = _("Yes, publish"), _("No, don’t publish")

    def prepare_action(self, objects, objects_without_access):
        return None if all_are_ready(self.request, objects) else redirect(self.next_url)

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        for milestone in objects:
            revision = milestone.get_latest_revision() or milestone.save_revision(user=user)
            revision.publish(user=user)
        return len(objects), 0

    def get_success_message(self, count, _children):
        return ngettext(
            "%(count)d milestone has been published.", "%(count)d milestones have been published.", count
        ) % {"count": count}


class UnpublishMilestones(MilestoneBulkAction):
    display_name = _("Unpublish")
    action_type = "unpublish"
    aria_label = _("Unpublish selected milestones")
    action_priority = 20
    question = _("Take these milestones off the timeline, in all languages?")
    yes, no = _("Yes, unpublish"), _("No, keep them")

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        for milestone in objects:
            milestone.unpublish(user=user)
        return len(objects), 0

    def get_success_message(self, count, _children):
        return ngettext(
            "%(count)d milestone has been unpublished.", "%(count)d milestones have been unpublished.", count
        ) % {"count": count}

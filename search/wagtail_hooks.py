from wagtail import hooks

from library.models import CustomDocument

from .index import index_documents


@hooks.register("after_bulk_action")
def index_documents_in_another_collection(request, action_type, objects, action):
    """Wagtail moves many documents with an update, which sends no signal."""
    if action_type == "add_to_collection" and action.model is CustomDocument:
        index_documents(CustomDocument.objects.filter(pk__in=[document.pk for document in objects]))

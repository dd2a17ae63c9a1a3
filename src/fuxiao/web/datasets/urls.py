"""Addresses of data coming in."""

from django.urls import path

from fuxiao.web.datasets import databases, mappings, pulls, references, sources, wizard

urlpatterns = [
    path("", sources.sources, name="sources"),
    path("loads/<int:number>/undo", sources.undo, name="load_undo"),
    path("references/", references.references, name="references"),
    path("references/<str:name>/<str:form>", references.listed, name="references_listed"),
    path("import/", wizard.begin, name="import_begin"),
    path("import/<int:number>/", wizard.job, name="import_job"),
    path("import/<int:number>/layout", wizard.layout, name="import_layout"),
    path("import/<int:number>/columns", wizard.columns, name="import_columns"),
    path("import/<int:number>/text", wizard.text, name="import_text"),
    path("import/<int:number>/check", wizard.check, name="import_check"),
    path("import/<int:number>/people", wizard.people, name="import_people"),
    path("import/<int:number>/start", wizard.start, name="import_start"),
    path("import/<int:number>/cancel", wizard.cancel, name="import_cancel"),
    path("import/<int:number>/reopen", wizard.reopen, name="import_reopen"),
    path("import/<int:number>/discard", wizard.discard, name="import_discard"),
    path("import/<int:number>/rejected.<str:form>", wizard.rejected, name="import_rejected"),
    path("databases/new", databases.new, name="database_new"),
    path("databases/<int:number>/", databases.database, name="database"),
    path("databases/<int:number>/delete", databases.delete, name="database_delete"),
    path("databases/<int:number>/pulls/new", pulls.new, name="pull_new"),
    path("pulls/<int:number>/", pulls.pull, name="pull"),
    path("pulls/<int:number>/query", pulls.query, name="pull_query"),
    path("pulls/<int:number>/schedule", pulls.schedule, name="pull_schedule"),
    path("pulls/<int:number>/run", pulls.run, name="pull_run"),
    path("pulls/<int:number>/pause", pulls.pause, name="pull_pause"),
    path("pulls/<int:number>/delete", pulls.delete, name="pull_delete"),
    path("mappings/", mappings.mappings, name="mappings"),
    path("mappings/<str:name>/", mappings.mapping, name="mapping"),
    path("mappings/<str:name>/delete", mappings.delete, name="mapping_delete"),
]

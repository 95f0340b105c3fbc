"""Papers stay as they were recorded, and are withdrawn once; a request is sent once and answered once a community."""

from django.db import migrations

TRIGGERS = """
CREATE TRIGGER communities_documentfile_is_append_only BEFORE UPDATE OR DELETE ON communities_documentfile
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER communities_communitychange_is_append_only BEFORE UPDATE OR DELETE ON communities_communitychange
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER communities_document_stays BEFORE DELETE ON communities_document
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER communities_document_is_withdrawn_once BEFORE UPDATE ON communities_document
    FOR EACH ROW WHEN (
        OLD.withdrawn_at IS NOT NULL
        OR (OLD.district_id, OLD.kind, OLD.number, OLD.dated, OLD.subject, OLD.recorded_by_id, OLD.recorded_at)
            IS DISTINCT FROM
           (NEW.district_id, NEW.kind, NEW.number, NEW.dated, NEW.subject, NEW.recorded_by_id, NEW.recorded_at)
    ) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER communities_coderequest_stays BEFORE DELETE ON communities_coderequest
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER communities_coderequest_goes_out_once BEFORE UPDATE ON communities_coderequest
    FOR EACH ROW WHEN (
        OLD.withdrawn_at IS NOT NULL
        OR (OLD.sent_at IS NOT NULL AND (OLD.letter_no, OLD.letter_date, OLD.sent_at, OLD.asked_of, OLD.reason)
            IS DISTINCT FROM (NEW.letter_no, NEW.letter_date, NEW.sent_at, NEW.asked_of, NEW.reason))
    ) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER communities_requestedcode_stays BEFORE DELETE ON communities_requestedcode
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER communities_requestedcode_is_answered_once BEFORE UPDATE ON communities_requestedcode
    FOR EACH ROW WHEN (OLD.answered_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
"""

BACK = """
DROP TRIGGER communities_documentfile_is_append_only ON communities_documentfile;
DROP TRIGGER communities_communitychange_is_append_only ON communities_communitychange;
DROP TRIGGER communities_document_stays ON communities_document;
DROP TRIGGER communities_document_is_withdrawn_once ON communities_document;
DROP TRIGGER communities_coderequest_stays ON communities_coderequest;
DROP TRIGGER communities_coderequest_goes_out_once ON communities_coderequest;
DROP TRIGGER communities_requestedcode_stays ON communities_requestedcode;
DROP TRIGGER communities_requestedcode_is_answered_once ON communities_requestedcode;
"""


class Migration(migrations.Migration):
    dependencies = [("communities", "0014_documents_code_requests_and_changes_of_communities")]

    operations = [migrations.RunSQL(TRIGGERS, BACK)]

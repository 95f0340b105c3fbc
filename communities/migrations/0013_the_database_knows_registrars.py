"""Whether somebody is registrar of a district on a day, for the rules that ask it of the database."""

from django.db import migrations

IS_REGISTRAR = """
CREATE FUNCTION is_registrar(who bigint, of_district bigint, on_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM communities_appointment post JOIN communities_person person ON person.id = post.person_id
        WHERE post.person_id = who AND post.district_id = of_district AND post.is_registrar
          AND post.role IN ('head', 'director') AND person.is_active
          AND post.since <= on_day AND (post.until IS NULL OR post.until > on_day)
    )
$$
"""


class Migration(migrations.Migration):
    dependencies = [("communities", "0012_registrars_and_acting_heads")]

    operations = [migrations.RunSQL(IS_REGISTRAR, "DROP FUNCTION is_registrar(bigint, bigint, date)")]

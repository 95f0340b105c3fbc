"""The first wording of the pledge that is given before a list is shown (product.md R9)."""

from django.db import migrations

TEXT = """ข้าพเจ้าจะใช้บัญชีเลขที่บ้านนี้เพื่อตรวจสอบความถูกต้องของทะเบียนบ้านในชุมชนเท่านั้น
ข้าพเจ้าจะไม่เปิดเผย ทำสำเนา หรือส่งต่อบัญชีนี้ให้ผู้อื่น และจะไม่นำไปใช้เพื่อประโยชน์ของตนเองหรือผู้ใด
ข้าพเจ้าจะแจ้งตามที่เห็นจริง และรับทราบว่าสำนักงานเขตบันทึกชื่อผู้แจ้งและเวลาไว้ทุกรายการ"""


def write(apps, schema_editor):
    apps.get_model("verification", "PledgeText").objects.create(version=1, text=TEXT)


class Migration(migrations.Migration):
    dependencies = [("verification", "0002_words_of_presidents_stay_as_they_were_said")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]

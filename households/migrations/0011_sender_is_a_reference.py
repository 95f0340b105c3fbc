from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("households", "0010_who_sent_each_list")]

    operations = [
        migrations.RemoveField(model_name="houselist", name="sender"),
        migrations.RenameField(model_name="houselist", old_name="sent_by", new_name="sender"),
    ]

"""The migrations and the tables say the same."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from quod.workers.database import Database
from quod.workers.schema import HEAD, MIGRATIONS, prepare
from quod.workers.settings import ServiceSettings
from quod.workers.tables import metadata


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    return made


def test_head_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == HEAD


def test_migrating_an_empty_database_gives_the_tables(settings: ServiceSettings) -> None:
    database = Database(settings.url)
    with database.writing() as connection:
        alembic = config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "head")
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == HEAD
    prepare(database)  # nothing is left to do
    database.close()


def test_tables_made_at_once_are_what_the_migrations_give(settings: ServiceSettings) -> None:
    database = Database(settings.url)
    prepare(database)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_a_database_of_an_earlier_version_is_brought_up_with_what_is_in_it(settings: ServiceSettings) -> None:
    database = Database(settings.url)
    with database.writing() as connection:
        alembic = config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "0002")
        connection.execute(text("INSERT INTO batches (id, created, key_id, total) VALUES ('a', 1, 'local', 3)"))
        connection.execute(text("INSERT INTO batches (id, created, key_id, total) VALUES ('b', 1, 'local', 3)"))
    prepare(database)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.execute(text("SELECT count(*) FROM batches")).scalar_one() == 2
    database.close()

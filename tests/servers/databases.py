"""Make databases on the private servers."""

from sqlalchemy import create_engine, make_url

# The dialect decides what follows; SQLAlchemy has no construct for whole databases.
_DROP = {
    "postgresql": "DROP DATABASE IF EXISTS {name} WITH (FORCE)",
    "mysql": "DROP DATABASE IF EXISTS {name}",
}
_CREATE = {
    "postgresql": "CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0",
    "mysql": "CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
}


def create_database(server_url: str, name: str) -> str:
    """Make an empty database, in place of one of that name, and return its URL."""
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    dialect = engine.dialect
    quoted = dialect.identifier_preparer.quote(name)
    with engine.connect() as connection:
        for statements in (_DROP, _CREATE):
            connection.exec_driver_sql(statements[dialect.name].format(name=quoted))
    engine.dispose()
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)

"""Statements compiled once and run by the driver: for the pages that are read most."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Dialect,
    Engine,
    Integer,
    PoolProxiedConnection,
    Select,
    literal_column,
)
from sqlalchemy.exc import DBAPIError

AnySelect = Select[*tuple[Any, ...]]
Readable = AnySelect | CompoundSelect[*tuple[Any, ...]]


class Prepared:
    """A statement of a page read so often that it goes to the driver without the ORM.

    It is written in SQLAlchemy Core like any other and compiled once for each database. Values are
    given by the names of its bind parameters. Lists (IN) are not supported.
    """

    def __init__(self, statement: Readable) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def compiled(self, dialect: Dialect) -> "_Compiled":
        """Return the statement in the words of one database."""
        try:
            return self._compiled[dialect.name]
        except KeyError:
            return self._compiled.setdefault(dialect.name, _Compiled(self._statement, dialect))


def at_most(rows: int) -> ColumnElement[int]:
    """Return the LIMIT of a prepared statement, as a number that stands in its text.

    SQLite looks at the value of a bound limit when it plans, and so plans the statement anew each
    time it is run: that takes as long as running it.
    """
    return literal_column(str(int(rows)), Integer)  # A number, and nothing else can be in it.


class _Compiled:
    def __init__(self, statement: Readable, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self._names: Sequence[str] = compiled.positiontup or list(compiled.params)
        self._positional = compiled.positional
        self._constants = {k: v for k, v in compiled.params.items() if v is not None}
        binders = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for bind, name in compiled.bind_names.items()
        }
        self._binders = {name: binder for name, binder in binders.items() if binder}
        types = (column.type.dialect_impl(dialect) for column in statement.selected_columns)
        converters = [type_.result_processor(dialect, None) for type_ in types]
        self._converters = [(i, convert) for i, convert in enumerate(converters) if convert]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return what the driver wants: a tuple or a dict."""
        given = {**self._constants, **values}
        for name, binder in self._binders.items():
            given[name] = binder(given[name])
        return tuple(map(given.__getitem__, self._names)) if self._positional else given

    def rows(self, fetched: list[Any]) -> list[tuple[Any, ...]]:
        """Return the driver's rows with times made aware and the like."""
        if not self._converters:
            return fetched
        return [self._converted(row) for row in fetched]

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values: list[Any] | None = None
        for index, convert in self._converters:
            if row[index] is not None:
                values = values or list(row)
                values[index] = convert(row[index])
        return tuple(values) if values else row


class DirectReader:
    """Runs prepared statements, each in its own right, on connections that it keeps.

    Taking a connection from SQLAlchemy's pool and giving it back costs as much as a statement.
    The one given back last is taken first, because its pages are in memory.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: deque[PoolProxiedConnection] = deque()

    def rows(self, prepared: Prepared, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows; asks once more on a new connection when the old one has gone away."""
        compiled = prepared.compiled(self._engine.dialect)
        parameters = compiled.parameters(values)
        dbapi_error = self._engine.dialect.loaded_dbapi.Error
        try:
            connection = self._idle.pop()
        except IndexError:
            pass
        else:
            try:
                return compiled.rows(self._fetch(connection, compiled.sql, parameters))
            except dbapi_error:
                # What cut this one off has most likely cut off all of them.
                self._forget_idle()
        try:
            connection = self._engine.raw_connection()
            return compiled.rows(self._fetch(connection, compiled.sql, parameters))
        except dbapi_error as error:
            raise _wrapped(compiled.sql, error, dbapi_error) from error

    def dispose(self) -> None:
        """Close every connection that is not in use."""
        self._forget_idle()
        self._engine.dispose()

    def _fetch(self, connection: PoolProxiedConnection, sql: str, parameters: Any) -> list[Any]:
        try:
            cursor = connection.cursor()
            cursor.execute(sql, parameters)
            found = list(cursor.fetchall())
            cursor.close()
        except BaseException:
            connection.invalidate()
            raise
        self._idle.append(connection)
        return found

    def _forget_idle(self) -> None:
        while self._idle:
            connection = self._idle.pop()
            connection.invalidate()


def _wrapped(sql: str, error: Exception, dbapi_error: type[Exception]) -> DBAPIError:
    wrapped = DBAPIError.instance(sql, None, error, dbapi_error)
    assert isinstance(wrapped, DBAPIError)
    return wrapped

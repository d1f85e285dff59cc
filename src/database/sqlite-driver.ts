// libsql takes a single parameter that is an object (a Buffer, null) for a list of named parameters and aborts the whole
// process. Handing every statement its parameters as one array leaves it no room for that mistake.
import Sqlite from 'libsql';

/** The driver that TypeORM gets: libsql, with parameters by position only. */
export class PositionalSqlite extends Sqlite {
  constructor(...options: ConstructorParameters<typeof Sqlite>) {
    super(...options);
    const prepare = this.prepare.bind(this);
    this.prepare = ((sql: string) => byPosition(prepare(sql))) as Sqlite.Database['prepare'];
  }
}

function byPosition(statement: Sqlite.Statement): Sqlite.Statement {
  for (const method of ['run', 'get', 'all'] as const) {
    const call = statement[method].bind(statement);
    Object.assign(statement, { [method]: (...parameters: unknown[]) => call(parameters) });
  }
  return statement;
}

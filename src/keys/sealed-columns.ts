// Every column with sealed texts that outlive a change of keys. A new one is named here, or its texts are lost with the old key;
// what waits in a session while an app is set up lives no longer than that session.
import type { EntityTarget, ObjectLiteral } from 'typeorm';
import { placeOfSecret } from '../access/totp.js';
import { ImportRow } from '../import/import.entity.js';
import { secretPlace, sipSecretPlace } from '../import/secrets.js';
import { Mail } from '../mail/mail.entity.js';
import { placeOfMail } from '../mail/outbox.js';
import { Authenticator } from '../users/authenticator.entity.js';
import { MassActionUser } from '../users/mass-actions.entity.js';
import { massSecretPlace } from '../users/mass-actions-runner.js';

export interface SealedColumn {
  entity: EntityTarget<ObjectLiteral>;
  column: string;
  /** The columns of its primary key, in their order. */
  key: string[];
  /** The place that the text of a row was sealed for. */
  place: (row: ObjectLiteral) => string;
}

export const sealedColumns: SealedColumn[] = [
  column(Authenticator, 'secret', ['userId'], ({ userId }) => placeOfSecret(userId)),
  column(ImportRow, 'secret', ['importId', 'number'], ({ importId, number, userId }) =>
    secretPlace(importId, number, userId!),
  ),
  column(ImportRow, 'sipSecret', ['importId', 'number'], ({ importId, number, userId }) =>
    sipSecretPlace(importId, number, userId!),
  ),
  column(MassActionUser, 'secret', ['actionId', 'userId'], ({ actionId, userId }) =>
    massSecretPlace(actionId, userId),
  ),
  column(Mail, 'sealed', ['id'], ({ reference }) => placeOfMail(reference)),
];

function column<Row extends ObjectLiteral>(
  entity: EntityTarget<Row>,
  name: keyof Row & string,
  key: (keyof Row & string)[],
  place: (row: Row) => string,
): SealedColumn {
  return { entity, column: name, key, place: (row) => place(row as Row) };
}

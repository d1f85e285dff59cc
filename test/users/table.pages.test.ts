import { importFile } from '../support/imports.js';
import { setUp } from '../support/people.js';
import { type Rollcall, startRollcall } from '../support/rollcall.js';
import type { Visitor } from '../support/visitor.js';

let rollcall: Rollcall;
let chief: Visitor;

const header =
  'Username,Email,First Name,Last Name,Role,Virtual Extension,Desk,All Desks,Skill Group,SIP Settings,Activate User,PBX Domain,PBX Device';
const added = Array.from({ length: 115 }, (_, index) => {
  const name = `agent.${String(index).padStart(3, '0')}`;
  return `${name},${name}@example.com,Agent,Number${index},Agent,${2000 + index},,,,,,,`;
});
const special = [
  'zoe_1,zoe@example.com,Zoë,Öztürk,Supervisor,3001,Berlin,,English,,no,,',
  '"x%y",percent@example.com,,,Agent,3002,Lisbon,,,,,,',
  'mirror,mirror@example.com,Zoë,Öztürk,Agent,3003,,yes,German,classic,,PBX Europe,77',
];

beforeAll(async () => {
  rollcall = await startRollcall({ demo: true });
  chief = await setUp(rollcall);
  await importFile(chief, [header, ...added, ...special].join('\n'));
});

test('quick', async () => {
  for (const path of [
    '/users',
    '/users?q=zoë',
    '/users?sort=name',
    '/users?sort=-signedIn',
    '/users/table?q=ag',
    '/users?twoFactor=disabled&desk=1&role=3&status=never&sip=webrtc&skillGroup=4',
  ]) {
    const answer = await chief.get(path);
    console.log(
      path,
      answer.status,
      answer.bytes.length,
      answer.text.match(/pager-text">([^<]*)/)?.[1],
      answer.status === 500 ? rollcall.log().slice(-1500) : '',
    );
  }
});

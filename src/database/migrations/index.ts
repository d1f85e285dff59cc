import { AuditChain1795392000000 } from './audit-chain.js';
import { Counters1795564801000 } from './counters.js';
import { ImportLife1795600010000 } from './import-life.js';
import { ImportChecks1795600100000 } from './import-checks.js';
import { ImportParts1795600200000 } from './import-parts.js';
import { ImportPresets1795564850000 } from './import-presets.js';
import { KeyCheck1795600000000 } from './key-check.js';
import { Mail1795564802000 } from './mail.js';
import { EndedSessions1795564812000 } from './ended-sessions.js';
import { FirstTables1795305600000 } from './first-tables.js';
import { QuickFilters1795564820000 } from './quick-filters.js';
import { SecondFactor1795564821000 } from './second-factor.js';
import { SipDirectory1795564860000 } from './sip-directory.js';
import { UserSearch1795478400000 } from './user-search.js';

/** Every migration, oldest first. */
export const migrations = [
  FirstTables1795305600000,
  AuditChain1795392000000,
  UserSearch1795478400000,
  Counters1795564801000,
  Mail1795564802000,
  EndedSessions1795564812000,
  QuickFilters1795564820000,
  SecondFactor1795564821000,
  ImportPresets1795564850000,
  SipDirectory1795564860000,
  KeyCheck1795600000000,
  ImportLife1795600010000,
  ImportChecks1795600100000,
  ImportParts1795600200000,
];

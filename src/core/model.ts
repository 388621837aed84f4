/** The central types: what flows from inventory and rules to findings. Imports nothing, runs nothing. */

export type Verdict = 'pass' | 'fail' | 'unknown' | 'error' | 'skip';
export type Severity = 'blocker' | 'warning' | 'advice';
/** How surely a requirement, or a number in it, is the vendor's own. */
export type Basis = 'documented' | 'field' | 'inferred';

/** What a finding or a step is about. */
export type Subject =
  | { kind: 'host'; host: string }
  | { kind: 'pair'; from: string; to: string }
  | { kind: 'set'; hosts: string[] };

/** A host as the inventory names it. `address` is what the peer uses (IPv4), `ssh` is what we use. */
export interface Host {
  name: string;
  role: string;
  address: string;
  /** `none`: nobody can reach it from here; its answers are collected elsewhere and merged. `endpoint`: it is asked over HTTP alone. */
  connection: 'ssh' | 'local' | 'none' | 'endpoint';
  /** For an endpoint: the host that asks it; absent: this machine. */
  via?: string;
  ssh: SshTarget;
  /** The variable that holds this host's sudo password. */
  sudoPasswordEnv?: string;
  /** Pack settings that hold on this host alone; they win over the inventory's settings. */
  settings: Record<string, unknown>;
  /** Where the host stands in what is declared, before it is there to be asked. */
  declared?: DeclaredHost;
}

/** A host in a Terraform plan (resource addresses by what the pack calls them; a text is its machine) and in Ansible's facts. */
export interface DeclaredHost {
  terraform?: string | Record<string, string>;
  ansible?: string;
}

/** How we reach a host; what is absent comes from the user's OpenSSH configuration. */
export interface SshTarget {
  host?: string;
  port?: number;
  user?: string;
  identityFile?: string;
  /** By which transport, ssh2 or openssh, it is reached; absent or `auto`: by what its configuration needs. */
  transport?: 'auto' | 'ssh2' | 'openssh';
}

/** A host as a probe sees it when it builds its questions. */
export interface HostRef extends Omit<Host, 'ssh' | 'sudoPasswordEnv' | 'settings' | 'declared'> {
  /** The name or address that we reach it by, where that is not `address`. */
  reachedAs?: string;
}

/** A command to be run on a host. `argv` is words, never a shell string: only a transport quotes. */
export interface ExecAsk {
  kind: 'exec';
  argv: [string, ...string[]];
  /** 'login', 'root', or the name of a pack's context. */
  as: string;
  /** For a pack's context: the words that enter it from root; the word `{shell}` stands for the command line. */
  enter?: [string, ...string[]];
  /** For a pack's context: the user that it is; another's shell in its place is refused. */
  user?: string;
  /** `listen` marks an active step: it opens a port for a moment and runs on request only. */
  effect: 'read' | 'listen';
  /** Run on the direction's other host instead of its first. */
  on?: 'peer';
  /**
   * One line for the command's standard input, with a secret out of this machine's environment in the place of `{secret}`;
   * where the variable is not set the input is empty.
   */
  stdin?: { line: string; env: string };
  timeoutMs: number;
  maxBytes: number;
}

/** Asks the transport what it knows of the connection itself: the host key that was verified. */
export interface ConnectionAsk {
  kind: 'connection';
}

/** Echo requests from this machine; answered by `collect/this-machine.ts`. */
export interface PingAsk {
  kind: 'ping';
  to: string;
  count: number;
  timeoutMs: number;
}

/** A machine fact by systeminformation, for the machine that pairflight itself runs on. */
export interface SysinfoAsk {
  kind: 'sysinfo';
  call: 'cpu' | 'mem' | 'kernel';
}

export type Ask = ExecAsk | ConnectionAsk | PingAsk | SysinfoAsk;

/** Why an answer is missing or must not be read. */
export type Problem = 'unreachable' | 'denied' | 'not-found' | 'timeout' | 'truncated' | 'not-run';

/** What came back for one ask. With a `problem` nothing in it may be taken for a value. */
export interface Output {
  /** The exit status; null when the command did not end by itself. */
  exit: number | null;
  stdout: string;
  stderr: string;
  problem?: Problem;
  /** What the problem is about: the host, the context (sudo, the product's shell), or this command. */
  problemAt?: 'host' | 'context' | 'command';
  /** ISO 8601, the runner's clock. */
  startedAt: string;
  durationMs: number;
}

// biome-ignore lint/suspicious/noExplicitAny: a JSON schema is open by its nature
export type JsonSchema = Record<string, any>;

/** Asks one question of a host (or of one host about another) and reads the answer. `ask` and `read` are pure. */
export interface Probe<P = Record<string, unknown>, V = unknown> {
  id: string;
  /** One sentence: what is read. */
  title: string;
  on: 'host' | 'pair';
  /** Closed JSON schema of the parameters. */
  params: JsonSchema;
  /** JSON schema of the value that `read` gives. */
  value: JsonSchema;
  ask(params: P, self: HostRef, peer?: HostRef): Ask[];
  /** Removes from the outputs, before they are saved or judged, what must not leave the host. */
  redact?(outputs: Output[], params: P, token: (secret: string) => string): Output[];
  /** It asks what answers at an address, and so may be put to an endpoint too. */
  endpoints?: true;
  /** Takes long, or tires what it asks: while a run waits it is put in full rounds only. */
  costly?: true;
  /**
   * The properties of the value that change by themselves (`ports.ms`: of each element of a list); `true`: the whole of it. What
   * changed since an earlier run leaves them out.
   */
  restless?: true | readonly string[];
  /** A file of the host that declares some of the value where the host itself cannot be asked yet. */
  rendered?: Rendered;
  /** @throws Unreadable when the outputs do not prove a value. */
  read(outputs: Output[], params: P): V;
}

/** A file that is no answer to a question, and tells some of what the question asks for. */
export interface Rendered {
  /** Its name, in whatever folder it lies. */
  file: string;
  /** What it tells; `release`: the numbers of the release that was named. Secrets are not among it. */
  read(text: string, release?: readonly number[]): RenderedProperty[];
}

/** A property that a file tells: its value, or why it tells none; `at`: where it stands in the file. */
export type RenderedProperty = Pick<
  DeclaredProperty,
  'property' | 'value' | 'why' | 'note' | 'repeated' | 'assumed'
> & {
  at?: string;
};

/** A probe planned on a subject: every word that will be run is in `asks`. */
export interface Step {
  /** Hash of probe, parameters and subject: stable from run to run. */
  id: string;
  probe: string;
  params: Record<string, unknown>;
  subject: Subject;
  asks: { host: string; ask: Ask }[];
  /** Asked this often, this far apart; once where absent. No part of the id. */
  sample?: Sampling;
  wantedBy: string[];
}

/** How often a step is asked in one round, and how many milliseconds lie between the beginnings of two askings. */
export interface Sampling {
  times: number;
  everyMs: number;
}

/** Which rules were asked for, by glob over rule ids. */
export interface Selection {
  only: string[];
  skip: string[];
}

/** What a transport learned of one host while it connected. */
export interface Connection {
  host: string;
  /** `ssh` or `local`. */
  kind: string;
  /** Of `ssh`: who has made the connection, and why it was chosen. */
  transport?: { name: 'ssh2' | 'openssh'; why: string };
  hostKey?: { type: string; sha256: string };
  /** What the host's shell said before it listened (MOTD, profile scripts), capped. */
  noise?: string;
  problem?: { problem: Problem; problemAt: 'host' | 'context'; message: string };
  /** Authenticated logins and shells that were opened. */
  logins: number;
  shells: number;
  bytes: number;
}

/** The saved raw outputs of one run, after redaction: all that `evaluate` may know. */
export interface Evidence {
  schema: 'pairflight/evidence/2';
  tool: { name: string; version: string };
  takenAt: string;
  finishedAt: string;
  run: {
    phases: string[];
    selection: Selection;
    release?: string;
    provePorts?: boolean;
    /** Programs that the pack could run though they are not known to only read. */
    allowCommands?: string[];
    interrupted?: boolean;
    declared?: Declaration;
  };
  inventory: EvidenceInventory;
  packs: { name: string; version: string; sha256: string }[];
  connections: Connection[];
  /** `outputs[sample][ask]`, in the order of `asks`. */
  steps: (Step & { outputs: Output[][]; declared?: DeclaredProperty[] })[];
  redaction: { tokenKeyId: string; what: string[] };
  /** The evidence of an earlier run, which rules call `before`; it is judged with this one and so is kept in it. */
  baseline?: Omit<Evidence, 'baseline'>;
}

/** What a run was declared by, where no host was asked; `defer`: what is unknown until apply does not count. */
export interface Declaration {
  sources: DeclaredSource[];
  defer?: true;
}

/** A file that declares: of a rendered one, which file of which host it stands for. */
export interface DeclaredSource {
  kind: 'terraform' | 'ansible' | 'file';
  file: string;
  sha256: string;
  host?: string;
  path?: string;
}

/** What a declared value may tell: everything, that equal values are equal and nothing else, or that a rule fails and nothing else. */
export type Telling = 'both' | 'same-only' | 'fail-only';

/** A property of a step's answer as a source declares it; without a value there is a reason. */
export interface DeclaredProperty {
  /** By its name in the answer; of one that is itself an object, a path (`settings.fsync`). */
  property: string;
  may: Telling;
  /** Where it stands: `aws_instance.primary /instance_type`. */
  from: string;
  value?: unknown;
  why?: string;
  /** It is unknown until the plan is applied. */
  afterApply?: true;
  /** The value is a keyed token. */
  sensitive?: true;
  /** What has to be known of the value to read it right. */
  note?: string;
  /** The key stands in the file several times, and this is the last, which counts. */
  repeated?: true;
  /** It follows from the release that was named for the run: no host is held to it. */
  assumed?: true;
}

/** The inventory without the ways to reach the hosts: what judging needs. */
export interface EvidenceInventory {
  /** What the pair is called; absent: nobody gave it a name. */
  name?: string;
  product: string;
  hosts: (HostRef & { settings: Record<string, unknown> })[];
  settings: Record<string, unknown>;
  ports: PortRow[];
  waivers: Waiver[];
  attest: Attestation[];
}

/** One row of the port table: the pack's own, or the inventory's. */
export interface PortRow {
  port: number;
  name: string;
  /** Roles; absent: both directions of the pair. */
  from?: string;
  to?: string;
  /** Per phase, the direction that must work: `both` or `role->role`; absent: every direction of the row. */
  needed?: Record<string, string>;
  mustListen?: boolean;
  releases?: string;
  /** The most that a finding on this row may weigh. */
  severity?: Severity;
  basis: Basis;
  /** In words: what is documented of this row and what is inferred. */
  confidence: string;
}

/** A fault that somebody accepts for a while. `until` is a UTC date, the last day included. */
export interface Waiver {
  rule: string;
  /** Of a direction: the host that asks; of a set: any host of it. Absent: wherever the rule fails. */
  host?: string;
  /** What was observed as the fault was accepted, as `actual` has it: on the host, or as a whole. Absent: whatever is observed. */
  value?: unknown;
  reason: string;
  owner: string;
  until: string;
}

/** What became of a waiver in a run; of one whose rule the run does not judge nothing is said. */
export interface WaiverUse extends Pick<Waiver, 'rule' | 'host' | 'owner' | 'until'> {
  /**
   * `applied`: it accepts a failure. `unused`: nothing fails that it is for. `expired`: its last day is over. `void`: what fails has
   * another value than was accepted. `refused`: its rule cannot be waived.
   */
  state: 'applied' | 'unused' | 'expired' | 'void' | 'refused';
  /** The keys of the findings that it accepts. */
  waives: string[];
  /** The keys of those that it is for, that fail and that nothing accepts: its last day is over, or the value is another. */
  leaves: string[];
  /** In words: the findings, and the values where they differ. */
  why: string;
}

/** Somebody's word on what cannot be verified; shown as attested, never as pass. */
export interface Attestation {
  what: string;
  by: string;
  when: string;
  until: string;
}

/** Where a requirement stands in the vendor's documents. */
export interface Source {
  /** A key of the pack's `documents` in a rule; the document's title in a finding. */
  doc: string;
  section: string;
  url?: string;
}

/** How a rule's fact is obtained: by a probe, or derived from other facts. */
export type FactDefinition =
  | { probe: string; with: Record<string, unknown>; hosts?: string[]; sample?: { times: unknown; every_ms: unknown } }
  | { from: string; captures?: string; decode?: 'base64' }
  | { from: string; addresses: true }
  | { from: string; entries: string }
  | { from: string; number: true }
  | { from: string; map: Record<string, unknown> }
  | { first: string[] }
  | { template: string }
  | { sum: string[] }
  | { quotient: [string, string] }
  | { together: Record<string, string>; by: string };

/** A question to facts: who is looked at, which value, and what is demanded of it. */
export interface Condition {
  quantifier:
    | 'every'
    | 'any'
    | 'same'
    | 'distinct'
    | 'difference'
    | 'count'
    | 'pair'
    | 'self'
    | 'peer'
    | 'before'
    | 'role'
    | 'row';
  /** For quantifier `role`. */
  role?: string;
  /** `fact.property...`, or a property of the row for quantifier `row`. */
  path: string;
  /** Picks elements of a list (by their fields) or, for `count`, hosts by their value. */
  where?: Record<string, unknown> | string | number | boolean | (string | number | boolean)[];
  /** The field of the picked element that is judged. */
  its?: string;
  matcher?: { name: string; arg: unknown };
  /** For `same`: how far values may lie apart, in percent of the larger. */
  tolerancePercent?: unknown;
  /** What is expected, in words, where the matcher's own words would not help a reader. */
  says?: string;
}

/** A condition that a rule demands, with the cases it is meant for. */
export interface Expectation extends Condition {
  phases?: string[];
  /** Roles it is judged on; absent: all of the rule's. */
  hosts?: string[];
  releases?: string;
  severity?: Severity;
  /** One of them false: this expectation does not apply (skip); looked at in order. */
  when?: Condition[];
  /** One of them true: this expectation does not apply (skip); looked at after `when`. */
  unless?: Condition[];
  /** One of them false: this expectation cannot be judged (unknown); looked at in order, after `when`. */
  given?: Condition[];
  /** What is wrong where this one fails, and what to do then; absent: the rule's. */
  fault?: Sentence;
  remedy?: Sentence;
}

/** A sentence with hosts and values in braces (`{secondary}`, `{self.space.bytes}`); or one for each word that was found, or course that was taken. */
export type Sentence = string | Record<string, string>;

/** One documented requirement. */
export interface Rule {
  id: string;
  pack: string;
  title: string;
  group: string;
  phases: string[];
  severity: Severity;
  /** Another weight on the hosts of a role, for a rule that judges each host. */
  severityOn?: Record<string, Severity>;
  basis: Basis;
  releases: string;
  /** Roles; absent: the pack's pair. */
  hosts?: string[];
  /** One finding for the whole set of hosts, for each host, or for each direction. */
  per: 'set' | 'host' | 'direction';
  /** A table of the pack: one finding for each of its rows and directions. */
  each?: 'ports';
  /**
   * A rule that others rest on and that cannot be deselected. `access`: while it does not pass, what is unknown on that
   * host is blocked by it. `identity`: while it does not pass, every finding that compares hosts is unknown.
   */
  guard?: 'access' | 'identity';
  requires: string;
  source: Source;
  /** What is wrong where it fails, in a sentence that may name hosts and values in braces; packs of 0.1 have none. */
  fault?: string;
  /** What to do where it fails; it may name hosts in braces. */
  remedy: string;
  facts: Record<string, FactDefinition>;
  expect: Expectation[];
  /** Sentences that a finding adds to its message, `{role.fact.property}` filled in; one that cannot be filled is left out. */
  tells: string[];
  /** Where the rule stands: file and line. */
  at: string;
}

/** One judged rule on one subject (and row). */
export interface Finding {
  /** Unique and stable from run to run: rule, and `[subject or row]` where the rule has several. */
  key: string;
  rule: string;
  title: string;
  group: string;
  severity: Severity;
  basis: Basis;
  verdict: Verdict;
  subject: Subject;
  row?: PortRow;
  /** Of what fails: what is wrong, in a sentence. */
  fault?: string;
  message: string;
  actual?: unknown;
  expected?: unknown;
  requires: string;
  source: Source;
  remedy: string;
  /** The steps whose answers it rests on. */
  because: string[];
  /** The key of the guard's finding that explains why this one is unknown. */
  blockedBy?: string;
  /** Why a question had no answer, where that is why this one is unknown. */
  problem?: Problem;
  /** What to do next about what is not known, made from its cause; nothing where a guard's finding says it already. */
  next?: string;
  /** Where hosts are declared: nothing that is declared could answer it, or it is unknown until apply and was to be deferred. */
  declared?: 'not-in-plan' | 'deferred';
  /** Every answer was read, and none of them decides. */
  undecided?: true;
  /** The series that a trend was judged by. */
  samples?: Series[];
  /** What the rule tells beside its verdict. */
  told?: string[];
  waivedBy?: Waiver;
  /** It failed in the baseline already, with the same weight or a greater one: a gate that looks at regressions only lets it pass. */
  known?: true;
}

/** The values of one property over the samples of a run; null where one could not be read. */
export interface Series {
  /** The host, or the direction. */
  label: string;
  /** The property's name, which carries its unit. */
  property: string;
  values: { at: string; value: number | null }[];
}

/** A number that was measured on a host, or between hosts; its name carries its unit. */
export interface Measure {
  /**
   * What the primary wrote and a standby has not replayed, or not received; how far the clocks of the hosts are apart; what is
   * free on the file system of `path`.
   */
  name: 'lagBytes' | 'unreceivedBytes' | 'clockOffsetMs' | 'freeBytes';
  /** Who was asked; absent for what is between hosts. */
  host?: string;
  path?: string;
  value: number;
}

/** What a document asks for and nobody can verify from here. */
export interface NotVerified {
  /** What an attestation calls it. */
  id: string;
  what: string;
  why: string;
  source: Source;
  /** Somebody's word on it; `expired` when it no longer held as the evidence was taken. It is never a pass. */
  attested?: Attestation & { expired?: true };
}

/** A fact that is another than in an earlier run. */
export interface Change {
  /** The host, or the direction. */
  subject: string;
  /** The probe and what it was asked for. */
  fact: string;
  /** The property of the answer; absent where the whole answer is meant. */
  property?: string;
  before: unknown;
  after: unknown;
}

/** `declared`: nothing that is declared fails, on hosts that nobody asked. */
export type Gate = 'passed' | 'failed' | 'incomplete' | 'declared';

/** The report that every format renders; its JSON form is a contract (reports/report.schema.json). */
export interface Report {
  schema: 'pairflight/report/2';
  tool: { name: string; version: string };
  run: {
    /** What the pair is called: as the inventory says, else by its hosts' addresses. */
    pair: string;
    phase: string;
    startedAt: string;
    finishedAt: string;
    durationMs: number;
    exitCode: number;
    gate: Gate;
    failOn: Severity;
    /** The gate looked at regressions only: since which run, and how many gating findings it let pass as known. */
    failOnNew?: { since: string; known: number };
    interrupted?: boolean;
    /** The files that it was judged from, for whose content nobody vouches, and in what they differ from today's plan; absent in a run on hosts. */
    judgedFrom?: { files: string[]; differs: string[] };
    /** Programs that the pack could run though they are not known to only read: `--allow-command`. */
    allowCommands?: string[];
    /** What a passed gate allows, and what a failed one forbids, in the pack's words. */
    go?: string;
    stop?: string;
    /** What the next documented step does, where that is something that cannot be undone. */
    next?: string;
  };
  selection: Selection;
  settings: Record<string, unknown>;
  product: { pack: string; title: string; release: string | null; build: string | null };
  hosts: (Pick<HostRef, 'name' | 'role' | 'address'> & { connection?: Connection })[];
  summary: {
    pass: number;
    fail: number;
    unknown: number;
    error: number;
    skip: number;
    waived: number;
    /** Of the waived: those that would stop the gate, had nobody accepted them. */
    accepted?: number;
    /** Where hosts are declared; counted only there. */
    notInPlan?: number;
    deferred?: number;
  };
  /** What the run was declared by, where no host was asked. */
  declared?: DeclaredReport;
  findings: Finding[];
  /** What became of the inventory's waivers; absent where none is for a rule of this run. */
  waivers?: WaiverUse[];
  /** The numbers of the run, for whoever draws them; absent where none was read. */
  measures?: Measure[];
  notVerified: NotVerified[];
  /** What is another than in the earlier run that was given as baseline. */
  changes?: { since: string; compared: number; list: Change[] };
  steps: {
    count: number;
    logins: number;
    shells: number;
    bytes: number;
    list: ReportStep[];
  };
}

/** What was declared, and how far it reaches. */
export interface DeclaredReport extends Declaration {
  /** How many rules belong to the run, and how many of them are answered by what is declared. */
  rules: number;
  answered: number;
  /** The rules that nothing declared could answer. */
  notInPlan: string[];
  values: (DeclaredProperty & { host: string; fact: string })[];
}

/** One command as the report shows it, with the beginning of its answer. */
export interface ReportStep {
  id: string;
  host: string;
  as: string;
  argv: string[];
  /** What it was given on its standard input; of a secret the variable's name alone. */
  stdin?: string;
  exit: number | null;
  problem: Problem | null;
  excerpt: string;
  /** How many characters of the answer the excerpt leaves out; the evidence has them. */
  cut?: number;
}

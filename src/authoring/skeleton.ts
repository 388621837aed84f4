/** The skeleton of a new pack: the guards that every pack needs, one rule, its cases, and where each further thing goes. Pure. */

/** The files of a new pack by their names; `name` is what its rule ids begin with. */
export function skeletonOf(name: string): Record<string, string> {
  return {
    'pack.yaml': pack.replaceAll('NAME', name),
    'sections/hosts.yaml': hosts.replaceAll('NAME', name),
    'sections/hosts.cases.yaml': cases.replaceAll('NAME', name),
    'requirements.yaml': requirements.replaceAll('NAME', name),
  };
}

const pack = `name: NAME
version: "0.1.0"
title: NAME

# Every host of an inventory has one of these roles. count: "1", 0..1, 0.., 1.. or 2..
roles:
  primary: { title: Primary, count: "1" }
  standby: { title: Standby, count: "1" }
# The roles whose hosts are compared with each other.
pair: [primary, standby]

# What can be asked for with --phase, and what a passed gate allows (go) and a failed one forbids (stop).
phases:
  preflight:
    title: before the pair is set up
    go: this pair may be set up
    stop: do not set this pair up
  verify:
    title: after the setup, and whenever somebody asks whether the pair protects its users
    go: this pair can be relied on
    stop: do not rely on this pair

# The rule files in sections/, in the order of the report.
sections: [hosts]

# What the rules rest on; a rule names the document and its section.
documents:
  runbook: { title: Our runbook }

# What may differ from site to site; a rule uses one as \${maxClockOffsetMs}.
settings:
  maxClockOffsetMs:
    title: How far the hosts' clocks may lie apart, in milliseconds
    type: number
    default: 2000
    basis: inferred

# In chronological order; a rule that means all of them says releases: "*".
releases:
  - { name: "1.0", build: "1.0", basis: inferred }
`;

const hosts = `title: The hosts
source: { doc: runbook, section: Hosts }
rules:
  # Two guards: while one of them fails, what rests on it is unknown and never passes.
  - id: NAME/two-machines
    title: Two machines behind the two names
    # What is wrong where the rule fails: it heads the finding. It may name hosts and values: {primary}, {self.login.user}.
    fault: Both names lead to one machine
    phases: [preflight, verify]
    severity: blocker
    basis: inferred
    releases: "*"
    guard: identity
    requires: A pair is two machines; two names of one would make every comparison worthless.
    facts:
      boot: { probe: boot-id }
    expect:
      - { distinct: boot.id, says: two machines }
    remedy: Correct the addresses in the inventory until each name reaches its own machine.

  - id: NAME/host-access
    title: Access to each host
    fault: The host cannot be asked
    phases: [preflight, verify]
    severity: blocker
    basis: inferred
    releases: "*"
    per: host
    guard: access
    requires: What nobody can ask, nobody can judge.
    facts:
      login: { probe: access, with: { as: login } }
    expect:
      - { every: login.user, matches: ".", says: a login that answers }
    remedy: See that the login works (ssh HOST id -un).

  - id: NAME/clocks-agree
    title: Clocks of the hosts
    fault: The hosts' clocks lie too far apart
    phases: [preflight, verify]
    severity: warning
    basis: inferred
    releases: "*"
    requires: Logs of both hosts are read side by side, so their clocks agree within seconds.
    facts:
      clock: { probe: clock }
    expect:
      - { difference: clock.offsetMs, at_most: "\${maxClockOffsetMs}" }
    remedy: Let both hosts follow the same time servers (chronyc sources, timedatectl).
`;

const cases = `# Each rule has a case that passes, one that fails and one that is unknown: what facts are stated, and what must come of them.
NAME/two-machines:
  - { name: two, facts: { primary: { boot: { id: a } }, standby: { boot: { id: b } } }, expect: pass }
  - { name: one, facts: { primary: { boot: { id: a } }, standby: { boot: { id: a } } }, expect: fail }
  - { name: one not reached, facts: { primary: { boot: { id: a } } }, expect: unknown }

NAME/host-access:
  - { name: both, facts: { primary: { login: { user: ops } }, standby: { login: { user: ops } } }, expect: pass }
  - { name: a login without a name, facts: { primary: { login: { user: "" } }, standby: { login: { user: ops } } }, expect: { primary: fail, standby: pass } }
  - { name: not reached, facts: {}, expect: unknown }

NAME/clocks-agree:
  - { name: within a second, facts: { primary: { clock: { offsetMs: { low: 0, high: 9 } } }, standby: { clock: { offsetMs: { low: 500, high: 509 } } } }, expect: pass }
  - { name: a minute apart, facts: { primary: { clock: { offsetMs: { low: 0, high: 9 } } }, standby: { clock: { offsetMs: { low: 60000, high: 60009 } } } }, expect: fail }
  - { name: apart by just what is allowed, facts: { primary: { clock: { offsetMs: { low: 0, high: 0 } } }, standby: { clock: { offsetMs: { low: 2000, high: 2000 } } } }, expect: pass }
  - { name: a millisecond more, facts: { primary: { clock: { offsetMs: { low: 0, high: 0 } } }, standby: { clock: { offsetMs: { low: 2001, high: 2001 } } } }, expect: fail }
  - { name: not reached, facts: {}, expect: unknown }
`;

const requirements = `# What the documents ask for, in your own words, and the rules that answer it (pairflight rules coverage).
requirements:
  - asks: Two hosts that can be asked, with the same time.
    source: { doc: runbook, section: Hosts }
    rules: [NAME/two-machines, NAME/host-access, NAME/clocks-agree]
`;

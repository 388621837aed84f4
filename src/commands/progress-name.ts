/** What a question is called while it is asked: from inventory and pack alone. Pure. */
import type { Ask, Step, Subject } from '../core/model.js';
import { isActive, type Questions } from '../plan/questions.js';

/** The question's name by its key: that of the first step that asks it. */
export function namesOf(steps: readonly Step[], questions: Questions): Map<string, string> {
  const names = new Map<string, string>();
  for (const step of steps) {
    for (const { host, ask } of step.asks) {
      const { key } = questions.meant(step, host, ask);
      if (!names.has(key)) names.set(key, nameOf(step, host));
    }
  }
  return names;
}

/** The probe, the first thing that it is asked for, and which other host it is about: `tcp-reach 22, 5432 -> secondary`. */
function nameOf(step: Step, asked: string): string {
  const { as: _, address: __, ...rest } = step.params;
  const [what = []] = Object.values(rest);
  const words = [what].flat().filter((one) => typeof one === 'string' || typeof one === 'number');
  return [
    ...(isActive(step) ? ['ACTIVE'] : []),
    step.probe,
    ...(words.length > 0 ? [words.join(', ')] : []),
    ...otherHost(step.subject, asked),
  ].join(' ');
}

function otherHost(subject: Subject, asked: string): string[] {
  if (subject.kind === 'pair') return subject.to === asked ? ['<-', subject.from] : ['->', subject.to];
  return subject.kind === 'host' && subject.host !== asked ? ['->', subject.host] : [];
}

/** The most milliseconds that the host may take for an answer; undefined where nothing limits it. */
export function limitOf(ask: Ask): number | undefined {
  if (ask.kind === 'ping') return ask.timeoutMs * ask.count;
  return ask.kind === 'exec' ? ask.timeoutMs : undefined;
}

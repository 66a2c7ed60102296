import type { Faults } from '../faults';
import { readFaults } from '../faults';
import type { JsonObject } from '../json';
import type { World } from '../world';
import type { ControlAnswer, ControlCall } from './control-call';

export function getFaults(world: World): ControlAnswer {
  return { status: 200, body: faultsView(world.faults) };
}

/** Replaces all faults; what is not named is off. */
export function putFaults(world: World, call: ControlCall): ControlAnswer {
  world.setFaults(readFaults(call.body()));
  return { status: 200, body: faultsView(world.faults) };
}

function faultsView(faults: Faults): JsonObject {
  return { ...faults };
}

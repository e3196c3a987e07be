/** What a gateway may be told: the word for it in messages, and an example of `msg.payload` as JSON (design 3.3). */
export interface Command {
  readonly name: string;
  readonly example: string;
}

/** All commands, in the order of the dialog; the house first, then storage, contacts, generator, AC Batteries. */
export const commands: readonly Command[] = [
  { name: 'grid', example: '"off"' },
  { name: 'production', example: '"off"' },
  { name: 'storageMode', example: '"self-consumption"' },
  { name: 'reserveSoc', example: '20' },
  { name: 'chargeFromGrid', example: 'true' },
  { name: 'dryContact', example: '{ "id": "NO1", "status": "closed" }' },
  { name: 'dryContactSettings', example: '{ "id": "NO1", "mode": "soc", "socLow": 30, "socHigh": 70 }' },
  { name: 'generatorMode', example: '"auto"' },
  { name: 'generatorSchedule', example: '{ "exerciseDay": "Sun", "exerciseStart": 600, "exerciseDuration": 20 }' },
  { name: 'chargeFromGenerator', example: 'false' },
  { name: 'acBatterySleep', example: '[{ "serialNumber": "122100000001", "minSoc": 20, "maxSoc": 30 }]' },
  { name: 'acBatteryWake', example: '["122100000001"]' },
];

/** The command with this name. */
export function commandNamed(name: string): Command | undefined {
  return commands.find((command) => command.name === name);
}

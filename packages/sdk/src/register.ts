import { initFromFile } from './init.ts'

// Loaded before the program by `node --import @burstlet/monitoring/register`, or `--require`.
initFromFile()

import { bearWitness } from '../client/witness.ts'

void bearWitness()

export { until } from '../../bin/doctor/claude/until.ts'

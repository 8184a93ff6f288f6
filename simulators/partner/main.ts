import { runSystems } from '../start-systems';

runSystems(['partner']);

import { runSystems } from '../start-systems';

runSystems(['erp']);

import { Center, Loader } from '@mantine/core';
import { Link, Navigate, Route, Routes } from 'react-router';
import type { SessionView } from '../../api/contract/session';
import { ApprovalsPage } from './approvals/approvals-page';
import { CompanyPage } from './company/company-page';
import { AccountsPage } from './credit/accounts-page';
import { CasePage } from './credit/case-page';
import { CasesPage } from './credit/cases-page';
import { CreditPage } from './credit/credit-page';
import { DocumentPage } from './documents/document-page';
import { DocumentsPage } from './documents/documents-page';
import { InterchangePage } from './documents/interchange-page';
import { InterchangesPage } from './documents/interchanges-page';
import { SetUpPage } from './documents/set-up-page';
import { ExceptionsPage } from './exceptions/exceptions-page';
import { DecisionDialog } from './holds/decision-dialog';
import { HoldsPage } from './holds/holds-page';
import { Shell } from './layout/shell';
import { NoticesPage } from './notices/notices-page';
import { OrderPage } from './orders/order-page';
import { OrdersPage } from './orders/orders-page';
import { PageHead } from './parts/page-head';
import { ProblemAlert } from './parts/problem-alert';
import { PricesPage } from './prices/prices-page';
import { RulesPage } from './rules/rules-page';
import { LoginPage } from './session/login-page';
import { SessionContext, useSessionQuery } from './session/session';
import { SourcingPage } from './sourcing/sourcing-page';
import { StockPage } from './stock/stock-page';
import { StoreKeysPage } from './stores/store-keys-page';
import { StoreTasksPage } from './stores/store-tasks-page';
import { SupplierOrdersPage } from './suppliers/supplier-orders-page';
import { SuppliersPage } from './suppliers/suppliers-page';
import { UnplacedListPage } from './unplaced/unplaced-list-page';
import { UnplacedPage } from './unplaced/unplaced-page';

export function App() {
  const session = useSessionQuery();
  if (session.isPending) {
    return (
      <Center mih="100vh">
        <Loader aria-label="Loading" />
      </Center>
    );
  }
  if (session.error) {
    return (
      <Center mih="100vh" p="md">
        <ProblemAlert error={session.error} onRetry={() => void session.refetch()} />
      </Center>
    );
  }
  if (!session.data) return <LoginPage />;
  return (
    <SessionContext value={session.data}>
      <Shell>
        <DecisionDialog>
          <Routes>
            <Route path="/" element={<Navigate to={homeOf(session.data)} replace />} />
            <Route path="/orders" element={<OrdersPage />} />
            <Route path="/orders/:orderId" element={<OrderPage />} />
            <Route path="/drafts" element={<UnplacedListPage key="draft" type="draft" />} />
            <Route path="/drafts/:id" element={<UnplacedPage key="draft" type="draft" />} />
            <Route path="/quotes" element={<UnplacedListPage key="quote" type="quote" />} />
            <Route path="/quotes/:id" element={<UnplacedPage key="quote" type="quote" />} />
            <Route path="/approvals" element={<ApprovalsPage />} />
            <Route path="/company" element={<CompanyPage />} />
            <Route path="/holds" element={<HoldsPage />} />
            <Route path="/exceptions" element={<ExceptionsPage />} />
            <Route path="/notices" element={<NoticesPage />} />
            <Route path="/documents" element={<DocumentsPage />} />
            <Route path="/documents/:documentId" element={<DocumentPage />} />
            <Route path="/interchanges" element={<InterchangesPage />} />
            <Route path="/interchanges/:interchangeId" element={<InterchangePage />} />
            <Route path="/interchanges/:interchangeId/set-up" element={<SetUpPage />} />
            <Route path="/sourcing" element={<SourcingPage />} />
            <Route path="/stock" element={<StockPage />} />
            <Route path="/store-tasks" element={<StoreTasksPage />} />
            <Route path="/store-keys" element={<StoreKeysPage />} />
            <Route path="/supplier-orders" element={<SupplierOrdersPage />} />
            <Route path="/suppliers" element={<SuppliersPage />} />
            <Route path="/rules" element={<RulesPage />} />
            <Route path="/rules/:kind" element={<RulesPage />} />
            <Route path="/credit-cases" element={<CasesPage />} />
            <Route path="/credit-cases/:holdId" element={<CasePage />} />
            <Route path="/prices" element={<PricesPage />} />
            <Route path="/credit" element={<AccountsPage />} />
            <Route path="/credit/:creditAccountId" element={<CreditPage />} />
            <Route path="*" element={<NothingHere />} />
          </Routes>
        </DecisionDialog>
      </Shell>
    </SessionContext>
  );
}

/** Where each one's work is. */
function homeOf({ nodeId, roles }: SessionView): string {
  if (nodeId !== null) return '/store-tasks';
  return roles.some((role) => role.startsWith('finance')) ? '/holds' : '/orders';
}

function NothingHere() {
  return (
    <>
      <PageHead title="Nothing is here" />
      <p>
        This address leads nowhere.{' '}
        <Link className="link" to="/orders">
          Go to the orders
        </Link>
        .
      </p>
    </>
  );
}

namespace Signal.State.Sql;

/// <summary>The schema of the state, as steps forward. A step that was released never changes; a change is a new step.</summary>
internal static class Migrations
{
    /// <summary>The steps in order; the version of a database is how many it has taken.</summary>
    public static IReadOnlyList<Func<Dialect, string>> All { get; } = [Initial, Replays, Access, DailySalts, Refusals, Erasures, Alerts, FailedHits, RulesOfNothing, Express, ConsentOfTheDay];

    private static string Initial(Dialect d) => Configuration(d) + Delivery(d) + Accounts(d);

    private static string Replays(Dialect d) => $"""
        CREATE TABLE replays(
            id {d.Key} PRIMARY KEY, integration_id {d.Key} NOT NULL, status {d.Key} NOT NULL, message TEXT, work TEXT NOT NULL,
            matched BIGINT NOT NULL, sent BIGINT NOT NULL, failed BIGINT NOT NULL, created_at BIGINT NOT NULL, finished_at BIGINT);
        CREATE INDEX replays_by_integration ON replays(integration_id, id);
        CREATE INDEX replays_running ON replays(status) WHERE status='running';
        ALTER TABLE dead_letters ADD COLUMN hits TEXT;

        """;

    private static string Access(Dialect d) => $"""
        ALTER TABLE users ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE users ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE users ADD COLUMN subject {d.Key};
        ALTER TABLE users ADD COLUMN stamp TEXT NOT NULL DEFAULT '';
        CREATE UNIQUE INDEX users_by_subject ON users(subject) WHERE subject IS NOT NULL;
        CREATE TABLE idempotency(
            call {d.Key} PRIMARY KEY, fingerprint TEXT NOT NULL, expires_at BIGINT NOT NULL, answer TEXT){d.Clustered};
        CREATE INDEX idempotency_by_time ON idempotency(expires_at);
        CREATE TABLE audit_kept_from(one INTEGER PRIMARY KEY, at BIGINT NOT NULL);
        INSERT INTO audit_kept_from VALUES(1, 0);
        {d.AuditGuard}

        """;

    private static string DailySalts(Dialect d) => $"CREATE TABLE daily_salts(day INTEGER PRIMARY KEY, salt {d.Bytes} NOT NULL);";

    private static string ConsentOfTheDay(Dialect _) => """
        ALTER TABLE consents ADD COLUMN until BIGINT;
        CREATE INDEX consents_by_end ON consents(until) WHERE until IS NOT NULL;

        """;

    private static string Refusals(Dialect d) => $"""
        CREATE TABLE refusals(id {d.Key} PRIMARY KEY, server {d.Key} NOT NULL, at BIGINT NOT NULL);
        CREATE INDEX refusals_by_server ON refusals(server, at);

        """;

    private static string Erasures(Dialect d) => $"""
        -- Who was erased, by hash: what was on its way at that moment is not written down afterwards.
        CREATE TABLE erasures(
            integration_id {d.Key} NOT NULL, visitor {d.Key} NOT NULL, at BIGINT NOT NULL, PRIMARY KEY(integration_id, visitor)){d.Clustered};
        -- A replay's work is of use while it runs; it may name a visitor.
        UPDATE replays SET work='{ReplayTable.NoWork}' WHERE status<>'running';

        """;

    private static string Alerts(Dialect d) => $"""
        CREATE TABLE alert_rules(
            id {d.Key} PRIMARY KEY, kind {d.Key} NOT NULL, scope {d.Key} NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE(kind, scope));
        CREATE TABLE alert_channels(id {d.Key} PRIMARY KEY, revision INTEGER NOT NULL, body TEXT NOT NULL, last_at BIGINT, last_error TEXT);
        CREATE TABLE alerts(
            id {d.Key} PRIMARY KEY, kind {d.Key} NOT NULL, subject {d.Key} NOT NULL, resolved_at BIGINT, body TEXT NOT NULL);
        CREATE UNIQUE INDEX alerts_open ON alerts(kind, subject) WHERE resolved_at IS NULL;
        CREATE TABLE alert_messages(
            id {d.Key} PRIMARY KEY, alert_id {d.Key} NOT NULL, channel_id {d.Key} NOT NULL, next_at BIGINT, body TEXT NOT NULL);
        CREATE INDEX alert_messages_by_alert ON alert_messages(alert_id, id);
        CREATE INDEX alert_messages_waiting ON alert_messages(channel_id, id) WHERE next_at IS NOT NULL;
        CREATE TABLE disk_samples(at BIGINT PRIMARY KEY, used BIGINT NOT NULL, free BIGINT NOT NULL, total BIGINT NOT NULL);

        """;

    private static string FailedHits(Dialect d) => "ALTER TABLE cursors ADD COLUMN failed TEXT;";

    private static string RulesOfNothing(Dialect d) =>
        "DELETE FROM alert_rules WHERE scope<>'' AND scope NOT IN (SELECT id FROM sources) AND scope NOT IN (SELECT id FROM integrations);";

    private static string Express(Dialect d) => $"""
        ALTER TABLE cursors ADD COLUMN express BIGINT NOT NULL DEFAULT -1;
        CREATE TABLE overtaken(lane {d.Key} NOT NULL, part INTEGER NOT NULL, position BIGINT NOT NULL, PRIMARY KEY(lane, part, position)){d.Clustered};

        """;

    private static string Configuration(Dialect d) => $"""
        CREATE TABLE configuration_version(one INTEGER PRIMARY KEY, version BIGINT NOT NULL);
        INSERT INTO configuration_version VALUES(1, 0);
        CREATE TABLE sources(
            id {d.Key} PRIMARY KEY, pipeline_key {d.Key} NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE TABLE integrations(
            id {d.Key} PRIMARY KEY, source_id {d.Key} NOT NULL, vendor TEXT NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE INDEX integrations_by_source ON integrations(source_id);
        CREATE TABLE integration_revisions(
            integration_id {d.Key} NOT NULL, revision INTEGER NOT NULL, created_at BIGINT NOT NULL, created_by TEXT NOT NULL,
            note TEXT, body TEXT NOT NULL, PRIMARY KEY(integration_id, revision));
        CREATE TABLE audit(
            id {d.Key} PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
            resource_type TEXT NOT NULL, resource_id {d.Key} NOT NULL, changes TEXT NOT NULL, ip TEXT);
        CREATE INDEX audit_by_resource ON audit(resource_id, id);
        -- What a deleted source or integration left behind, to be removed in small steps.
        CREATE TABLE leftovers(kind TEXT NOT NULL, id {d.Key} NOT NULL, PRIMARY KEY(kind, id));
        CREATE TABLE consents(
            source_id {d.Key} NOT NULL, anonymous_id {d.Key} NOT NULL, words TEXT NOT NULL, at BIGINT NOT NULL,
            PRIMARY KEY(source_id, anonymous_id)){d.Clustered};

        """;

    private static string Delivery(Dialect d) => $"""
        CREATE TABLE cursors(
            lane {d.Key} NOT NULL, part INTEGER NOT NULL, integration_id {d.Key} NOT NULL,
            position BIGINT NOT NULL, hits_done INTEGER NOT NULL, ahead TEXT NOT NULL, PRIMARY KEY(lane, part)){d.Clustered};
        CREATE TABLE visitors(
            integration_id {d.Key} NOT NULL, anonymous_id {d.Key} NOT NULL, state TEXT NOT NULL, at BIGINT NOT NULL,
            PRIMARY KEY(integration_id, anonymous_id)){d.Clustered};
        CREATE TABLE visitor_users(
            integration_id {d.Key} NOT NULL, user_id {d.Key} NOT NULL, anonymous_id {d.Key} NOT NULL,
            PRIMARY KEY(integration_id, user_id, anonymous_id)){d.Clustered};
        CREATE INDEX visitor_users_by_visitor ON visitor_users(integration_id, anonymous_id);
        CREATE TABLE orders(
            integration_id {d.Key} NOT NULL, order_key {d.Key} NOT NULL, event_id {d.Key} NOT NULL, anonymous_id {d.Key}, at BIGINT NOT NULL,
            PRIMARY KEY(integration_id, order_key)){d.Clustered};
        CREATE INDEX orders_by_visitor ON orders(anonymous_id);
        CREATE INDEX orders_by_time ON orders(at);
        CREATE TABLE records(
            integration_id {d.Key} NOT NULL, event_id {d.Key} NOT NULL, message_id {d.Key} NOT NULL, type TEXT NOT NULL, event TEXT,
            anonymous_id {d.Key} NOT NULL, received_at BIGINT NOT NULL, delivered_at BIGINT, outcome INTEGER NOT NULL, reason TEXT,
            status_code INTEGER, attempts INTEGER NOT NULL, latency_ms INTEGER, warnings TEXT, revision INTEGER NOT NULL,
            request TEXT, response TEXT, PRIMARY KEY(integration_id, event_id));
        CREATE INDEX records_by_time ON records(integration_id, received_at, event_id);
        CREATE INDEX records_by_event ON records(integration_id, event, received_at, event_id);
        CREATE INDEX records_by_visitor ON records(integration_id, anonymous_id, received_at, event_id);
        CREATE INDEX records_by_message ON records(integration_id, message_id, received_at, event_id);
        CREATE INDEX records_by_reason ON records(integration_id, reason, received_at, event_id) WHERE reason IS NOT NULL;
        CREATE INDEX records_by_outcome ON records(integration_id, outcome, received_at, event_id) WHERE outcome <> 0;
        CREATE TABLE dead_letters(
            id {d.Key} PRIMARY KEY, integration_id {d.Key} NOT NULL, event_id {d.Key} NOT NULL, message_id {d.Key} NOT NULL, type TEXT NOT NULL,
            event TEXT, anonymous_id {d.Key} NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL, attempts INTEGER NOT NULL,
            failed_at BIGINT NOT NULL, request TEXT, response TEXT, payload {d.Bytes} NOT NULL);
        CREATE INDEX dead_letters_by_integration ON dead_letters(integration_id, id);
        CREATE INDEX dead_letters_by_reason ON dead_letters(integration_id, reason, id);
        CREATE INDEX dead_letters_by_visitor ON dead_letters(anonymous_id);
        CREATE TABLE counts(
            minute BIGINT NOT NULL, scope {d.Key} NOT NULL, name {d.Key} NOT NULL, amount BIGINT NOT NULL,
            PRIMARY KEY(minute, scope, name)){d.Clustered};
        CREATE TABLE health(
            integration_id {d.Key} PRIMARY KEY, status TEXT NOT NULL, since BIGINT NOT NULL, reason TEXT, message TEXT);

        """;

    private static string Accounts(Dialect d) => $"""
        CREATE TABLE users(
            id {d.Key} PRIMARY KEY, email TEXT NOT NULL, email_key {d.Key} NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
            password_hash TEXT, failed_sign_ins INTEGER NOT NULL, locked_until BIGINT, created_at BIGINT NOT NULL, last_sign_in_at BIGINT);
        CREATE TABLE api_tokens(
            id {d.Key} PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, sha256 {d.Key} NOT NULL UNIQUE, created_by TEXT NOT NULL,
            created_at BIGINT NOT NULL, expires_at BIGINT, last_used_at BIGINT);
        CREATE TABLE refresh_tokens(
            sha256 {d.Key} PRIMARY KEY, family {d.Key} NOT NULL, user_id {d.Key} NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT);
        CREATE INDEX refresh_tokens_by_family ON refresh_tokens(family);
        CREATE INDEX refresh_tokens_by_user ON refresh_tokens(user_id);
        """;
}

using Signal.Configure;

namespace Signal.State.Sql;

/// <summary>Sources, integrations and their revisions in SQL. Every write counts up the version and appends its audit entry, in one transaction.</summary>
internal sealed class SqlConfigurationStore(IStateDatabase database, ISecretBox box, ConsentCache consents) : IConfigurationStore
{
    private readonly SealedConfiguration _sealed = new(box);

    public Task<ConfigurationSnapshot> LoadAsync(CancellationToken stop) => database.ReadAsync(
        async s =>
        {
            var version = await s.FirstAsync("SELECT version FROM configuration_version", row => row.GetInt64(0));
            var sources = await s.QueryAsync("SELECT body FROM sources", row => _sealed.ReadSource(row.GetString(0)));
            var integrations = await s.QueryAsync("SELECT body FROM integrations", row => _sealed.ReadIntegration(row.GetString(0)));
            return new ConfigurationSnapshot(version, sources, integrations);
        },
        stop);

    public Task<bool> SaveAsync(Source source, AuditEntry audit, CancellationToken stop)
    {
        (string, object?)[] values =
            [("@id", source.Id), ("@pipeline", source.PipelineKey), ("@revision", source.Revision), ("@body", _sealed.Write(source))];
        var sql = source.Revision == 1
            ? "INSERT INTO sources(id, pipeline_key, revision, body) VALUES(@id, @pipeline, @revision, @body) ON CONFLICT(id) DO NOTHING"
            : "UPDATE sources SET pipeline_key=@pipeline, revision=@revision, body=@body WHERE id=@id AND revision=@revision-1";
        return ChangeAsync(async s => await s.ExecuteAsync(sql, values) == 1, audit, stop);
    }

    public Task<bool> SaveAsync(Integration integration, string? note, AuditEntry audit, CancellationToken stop)
    {
        var body = _sealed.Write(integration);
        (string, object?)[] values =
            [("@id", integration.Id), ("@source", integration.SourceId), ("@vendor", integration.Vendor), ("@revision", integration.Revision), ("@body", body)];
        // Only below a source that is still there: it may have been deleted a moment ago.
        var sql = integration.Revision == 1
            ? "INSERT INTO integrations(id, source_id, vendor, revision, body) SELECT @id, @source, @vendor, @revision, @body " +
              "FROM sources WHERE id=@source ON CONFLICT(id) DO NOTHING"
            : "UPDATE integrations SET source_id=@source, vendor=@vendor, revision=@revision, body=@body WHERE id=@id AND revision=@revision-1";
        return ChangeAsync(
            async s => await s.ExecuteAsync(sql, values) == 1 && await s.ExecuteAsync(
                "INSERT INTO integration_revisions(integration_id, revision, created_at, created_by, note, body) VALUES(@id, @revision, @at, @by, @note, @body)",
                ("@id", integration.Id), ("@revision", integration.Revision), ("@at", audit.At.Ms()), ("@by", audit.Actor), ("@note", note), ("@body", body)) == 1,
            audit,
            stop);
    }

    public async Task<bool> DeleteSourceAsync(string id, IReadOnlyList<AuditEntry> audit, CancellationToken stop)
    {
        var deleted = await ChangeAsync(
            async s =>
            {
                if (await s.ExecuteAsync("DELETE FROM sources WHERE id=@id", ("@id", id)) == 0) return false;
                foreach (var integration in await s.QueryAsync("SELECT id FROM integrations WHERE source_id=@id", row => row.GetString(0), ("@id", id)))
                    await DeleteIntegrationAsync(s, integration);
                await s.ExecuteAsync("DELETE FROM alert_rules WHERE scope=@id", ("@id", id));
                await Leftovers.NoteAsync(s, "source", id);
                return true;
            },
            audit,
            stop);
        return deleted && await CleanAsync(stop);
    }

    public async Task<bool> DeleteIntegrationAsync(string id, IReadOnlyList<AuditEntry> audit, CancellationToken stop) =>
        await ChangeAsync(s => DeleteIntegrationAsync(s, id), audit, stop) && await CleanAsync(stop);

    public Task<IReadOnlyList<IntegrationRevision>> RevisionsAsync(string integrationId, int? before, int limit, CancellationToken stop) =>
        database.ReadAsync<IReadOnlyList<IntegrationRevision>>(
            async s => await new Where()
                .Equal("integration_id", integrationId)
                .And("revision<@before", "@before", before)
                .QueryAsync(
                    s, "SELECT body, created_at, created_by, note FROM integration_revisions", "ORDER BY revision DESC", limit,
                    row => new IntegrationRevision(_sealed.ReadIntegration(row.GetString(0)), row.Time(1), row.GetString(2), row.TextOrNull(3))),
            stop);

    /// <summary>Puts every secret under the current master key, the old revisions' too. Answers how many values changed; afterwards the old keys can go.</summary>
    public Task<int> ResealAsync(Secrets.AesSecretBox ring, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            var changed = 0;
            foreach (var (table, key) in new[] { ("sources", "id"), ("integrations", "id"), ("integration_revisions", "integration_id, revision") })
            {
                foreach (var body in await s.QueryAsync($"SELECT body FROM {table} ORDER BY {key}", row => row.GetString(0)))
                {
                    if (SealedConfiguration.Reseal(body, table == "sources", ring.Reseal) is not { } fresh) continue;
                    changed += await s.ExecuteAsync($"UPDATE {table} SET body=@fresh WHERE body=@body", ("@fresh", fresh), ("@body", body));
                }
            }

            return changed;
        },
        stop);

    private static async Task<bool> DeleteIntegrationAsync(SqlSession s, string id)
    {
        if (await s.ExecuteAsync("DELETE FROM integrations WHERE id=@id", ("@id", id)) == 0) return false;
        // A lane that still runs finds its cursor gone and stops.
        await s.ExecuteAsync("DELETE FROM cursors WHERE integration_id=@id", ("@id", id));
        await s.ExecuteAsync("DELETE FROM health WHERE integration_id=@id", ("@id", id));
        await s.ExecuteAsync("DELETE FROM alert_rules WHERE scope=@id", ("@id", id));
        await Leftovers.NoteAsync(s, "integration", id);
        return true;
    }

    private async Task<bool> CleanAsync(CancellationToken stop)
    {
        await new Leftovers(database).RemoveAsync(stop);
        consents.Clear();
        return true;
    }

    private Task<bool> ChangeAsync(Func<SqlSession, Task<bool>> change, AuditEntry audit, CancellationToken stop) => ChangeAsync(change, [audit], stop);

    private Task<bool> ChangeAsync(Func<SqlSession, Task<bool>> change, IReadOnlyList<AuditEntry> audit, CancellationToken stop) => database.WriteAsync(
        async s =>
        {
            if (!await change(s)) return false;
            foreach (var entry in audit) await s.AppendAsync(entry);
            await s.ExecuteAsync("UPDATE configuration_version SET version=version+1");
            return true;
        },
        stop);
}

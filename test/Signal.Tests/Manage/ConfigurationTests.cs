using System.Net;
using Shouldly;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class ConfigurationTests : ManageTest
{
    [Fact]
    public async Task Export_HoldsNoSecret()
    {
        var source = await Host.SourceAsync();
        await Admin.PostAsync("/v1/admin/integrations", Some.SeedBody());

        var file = await Admin.GetStringAsync("/v1/admin/configuration");

        file.ShouldNotContain(Some.Token);
        file.ShouldNotContain(source.Text("secret"));
        file.ShouldContain("${SIGNAL_SECRET_SRC_ABC123}");
        file.ShouldContain(source.Text("pipeline_key"));
    }

    [Fact]
    public async Task Import_OfTheExport_ChangesNothing()
    {
        await Host.IntegrationAsync();
        var file = await Admin.GetStringAsync("/v1/admin/configuration");

        var done = await (await Admin.PutAsync("/v1/admin/configuration", Some.Json(file))).JsonAsync();

        done.GetProperty("unchanged").GetArrayLength().ShouldBe(2);
        done.GetProperty("updated").GetArrayLength().ShouldBe(0);
        (await Host.Store.LoadAsync(default)).Integrations.Values.Single().Revision.ShouldBe(1);
    }

    [Fact]
    public async Task Import_IntoAnEmptyInstallation_TakesSecretsFromReferences()
    {
        var id = (await Host.IntegrationAsync()).Text("id");
        var file = await Admin.GetStringAsync("/v1/admin/configuration");
        await using var other = await ManageHost.StartAsync();
        other.Secrets[$"SIGNAL_SECRET_{id.ToUpperInvariant()}_TOKEN_AUTH"] = Some.Token;

        var tried = await (await other.Admin.PutAsync("/v1/admin/configuration?dry_run=true", Some.Json(file))).JsonAsync();
        (await other.Store.LoadAsync(default)).Sources.ShouldBeEmpty();
        var done = await (await other.Admin.PutAsync("/v1/admin/configuration", Some.Json(file))).JsonAsync();

        tried.GetProperty("created").GetRawText().ShouldBe(done.GetProperty("created").GetRawText());
        var (mine, theirs) = (await Host.Store.LoadAsync(default), await other.Store.LoadAsync(default));
        theirs.Integrations.Values.Single().Secrets["token_auth"].ShouldBe(Some.Token);
        theirs.Sources["src_abc123"].PipelineKey.ShouldBe(mine.Sources["src_abc123"].PipelineKey);
        (await other.Admin.GetStringAsync("/v1/admin/configuration")).ShouldBe(file);
    }

    [Fact]
    public async Task Import_ManyErrors_NamesAllAndChangesNothing()
    {
        var answer = await Admin.PutAsync("/v1/admin/configuration", Some.Json("""
            {"sources":[{"id":"src_a","name":"A","domain":"a b"},{"name":"B","domain":"b.example.com"},{"id":"src_c","name":"C","domain":"c.example.com","secret":"sk_plain"}],
             "integrations":[{"id":"int_a","source_id":"src_c","vendor":"matomo","name":"M","config":{"matomo_url":"https://m.example.com","site_id":1,"token_auth":"${NOT_SET}"}},
                             {"id":"int_b","source_id":"src_x","vendor":"matomo","name":"M","config":{"matomo_url":"https://m.example.com","site_id":1,"token_auth":"0123456789abcdef0123456789abcdef"}}]}
            """));

        (await answer.FieldsAsync()).ShouldBe(
            ["sources[0].domain format", "sources[1].id required", "sources[2].secret format", "integrations[0].config.token_auth unresolved", "integrations[1].source_id unknown", "integrations[1].config.token_auth format"],
            ignoreOrder: true);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain(Some.Token);
        (await Host.Store.LoadAsync(default)).Sources.ShouldBeEmpty();
    }

    [Fact]
    public async Task Import_Prune_RemovesTheRest()
    {
        await Host.IntegrationAsync();

        var kept = await (await Admin.PutAsync("/v1/admin/configuration", Some.Json("{}"))).JsonAsync();
        var pruned = await (await Admin.PutAsync("/v1/admin/configuration?prune=true", Some.Json("{}"))).JsonAsync();

        kept.GetProperty("deleted").GetArrayLength().ShouldBe(0);
        pruned.GetProperty("deleted").GetArrayLength().ShouldBe(2);
        (await Host.Store.LoadAsync(default)).Sources.ShouldBeEmpty();
    }

    [Fact]
    public async Task Import_AsEditor_IsForbidden()
    {
        using var editor = await Host.ClientOfAsync("editor");

        (await (await editor.PutAsync("/v1/admin/configuration", Some.Json("{}"))).ErrorAsync(HttpStatusCode.Forbidden)).ShouldBe("FORBIDDEN");
    }
}

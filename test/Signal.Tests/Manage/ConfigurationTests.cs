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
    public async Task Import_ASectionOfAWrongForm_TheOthersAreCheckedToo()
    {
        var answer = await Admin.PutAsync("/v1/admin/configuration", Some.Json("""
            {"sources":[{"id":"src_a","name":"A","domain":5}],
             "integrations":[{"id":"int_a","source_id":"src_a","vendor":"matomo","name":"M","config":{"matomo_url":"https://m.example.com","site_id":1,"token_auth":"${NOT_SET}"}}],
             "alert_channels":[{"id":"chn_a","name":"A","type":"email","to":["nobody"]}]}
            """));

        (await answer.FieldsAsync()).ShouldBe(["sources[0].domain type", "integrations[0].config.token_auth unresolved", "alert_channels[0].to[0] format"], ignoreOrder: true);
    }

    [Fact]
    public async Task Import_WrongFormAndWrongRules_InOneSectionAndInOneEntry_AreToldTogether()
    {
        var answer = await Admin.PutAsync("/v1/admin/configuration?dry_run=true", Some.Json("""
            {"sources":[{"id":"src_a","name":5,"domain":"not a host","cookie":{"name":"a b","max_age":"x"}},
                        {"id":"src_b","name":"B","domain":"also not"},
                        7,
                        {"id":"src_a","name":"Again","domain":"again.example.com"}],
             "integrations":[{"id":"int_a","source_id":"src_a","vendor":"matomo","name":5,"mappings":[{"event":5},{"event":"x","target":"nonsense","value":"1"}],"config":{"matomo_url":"nowhere","site_id":1,"token_auth":"${NOT_SET}"}},
                             {"id":"int_b","source_id":"src_b","vendor":"matomo","name":"M","surprise":1,"config":{"matomo_url":"https://m.example.com","site_id":1,"token_auth":"0123456789abcdef0123456789abcdef"}}],
             "alert_channels":[{"id":"chn_a","name":"A","type":"pigeon"},{"id":"chn_b","name":"B","type":"email","to":["nobody"]}],
             "alert_rules":[{"id":"rule_a","kind":"nothing"},{"id":"rule_b","kind":"silence","scope":"src_b","minutes":0,"days":3}]}
            """));

        (await answer.FieldsAsync()).ShouldBe(
            [
                "sources[0].name type", "sources[0].domain format", "sources[0].cookie.name format", "sources[0].cookie.max_age type", "sources[1].domain format", "sources[2] type", "sources[3].id twice",
                "integrations[0].name type", "integrations[0].mappings[0].event type", "integrations[0].mappings[0].target required", "integrations[0].mappings[1].target unknown", "integrations[0].config.token_auth unresolved",
                "integrations[1].surprise unknown", "integrations[1].config.token_auth format",
                "alert_channels[0].type one_of", "alert_channels[1].to[0] format", "alert_rules[0].kind one_of", "alert_rules[1].minutes range", "alert_rules[1].days unknown",
            ],
            ignoreOrder: true);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain(Some.Token);
    }

    [Fact]
    public async Task Import_SourcesThatCanNotBeRead_AreNotSaidToBeMissing()
    {
        var answer = await Admin.PutAsync("/v1/admin/configuration", Some.Json("""
            {"sources":{"id":"src_a"},"integrations":[{"id":"int_a","source_id":"src_a","vendor":"matomo","name":"M","config":{"matomo_url":"https://m.example.com","site_id":1,"token_auth":"${NOT_SET}"}}]}
            """));

        (await answer.FieldsAsync()).ShouldBe(["sources type", "integrations[0].config.token_auth unresolved"], ignoreOrder: true);
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

    [Fact]
    public async Task Alerts_AreExported_SecretsByReference_AndImportedElsewhereAreExportedTheSame()
    {
        var integration = (await Host.IntegrationAsync()).Text("id");
        var hook = (await (await Admin.PostAsync("/v1/admin/alert-channels", Some.Json($$"""{"name":"Ops","type":"webhook","url":"{{Hook}}","secret":"an-hmac-secret"}"""))).JsonAsync(HttpStatusCode.Created)).Text("id");
        await Admin.PostAsync("/v1/admin/alert-channels", Some.Json("""{"name":"Night","type":"email","enabled":false,"to":["night@example.com"]}"""));
        await Admin.PostAsync("/v1/admin/alert-rules", Some.Json($$"""{"kind":"dead_letters","scope":"{{integration}}","count":0,"channels":["{{hook}}"]}"""));
        await Admin.PatchAsync("/v1/admin/alert-rules/rule_disk", Some.Json("""{"days":7,"remind_hours":12}"""));
        await Admin.PatchAsync("/v1/admin/alert-rules/rule_silence", Some.Json("""{"minutes":30}"""));
        await Admin.PatchAsync("/v1/admin/alert-rules/rule_silence", Some.Json("""{"minutes":60}"""));

        var file = await Admin.GetStringAsync("/v1/admin/configuration");
        file.ShouldNotContain("a-secret-path");
        file.ShouldNotContain("an-hmac-secret");
        file.ShouldNotContain("rule_silence", Case.Sensitive, "it is as it is built in again");
        await using var other = await ManageHost.StartAsync();
        other.Secrets[$"SIGNAL_SECRET_{integration.ToUpperInvariant()}_TOKEN_AUTH"] = Some.Token;
        other.Secrets[$"SIGNAL_SECRET_{hook.ToUpperInvariant()}_URL"] = Hook;
        other.Secrets[$"SIGNAL_SECRET_{hook.ToUpperInvariant()}_SECRET"] = "an-hmac-secret";
        var tried = await (await other.Admin.PutAsync("/v1/admin/configuration?dry_run=true", Some.Json(file))).JsonAsync();
        (await other.Alerts.ChannelsAsync(default)).ShouldBeEmpty();
        var done = await (await other.Admin.PutAsync("/v1/admin/configuration", Some.Json(file))).JsonAsync();

        foreach (var name in new[] { "created", "updated" }) tried.GetProperty(name).GetRawText().ShouldBe(done.GetProperty(name).GetRawText());
        done.GetProperty("updated").EnumerateArray().Select(i => i.GetString()).ShouldBe(["rule_disk"]);
        (await other.Admin.GetStringAsync("/v1/admin/configuration")).ShouldBe(file);
        var channel = (await other.Alerts.ChannelsAsync(default)).Single(c => c.Id == hook);
        (channel.Url, channel.Secret, channel.Name).ShouldBe((Hook, "an-hmac-secret", "Ops"));
        var audit = await other.Admin.GetStringAsync("/v1/admin/audit-logs?limit=100");
        foreach (var action in new[] { "alert_channel.imported", "alert_rule.imported" }) audit.ShouldContain(action);
        audit.ShouldNotContain("a-secret-path");

        var again = await (await other.Admin.PutAsync("/v1/admin/configuration", Some.Json(file))).JsonAsync();
        (again.GetProperty("created").GetArrayLength(), again.GetProperty("updated").GetArrayLength(), again.GetProperty("unchanged").GetArrayLength()).ShouldBe((0, 0, 6));
    }

    [Fact]
    public async Task Alerts_ChangedInTheFile_AreUpdated_ReferencesThatAreNotSetKeepTheStoredSecret()
    {
        Host.Secrets["OPS_HOOK"] = Hook;
        await Admin.PutAsync("/v1/admin/configuration", Some.Json(AlertFile("Ops", 7)));

        Host.Secrets.Clear();
        var done = await (await Admin.PutAsync("/v1/admin/configuration", Some.Json(AlertFile("Ops by night", 9)))).JsonAsync();

        done.GetProperty("updated").EnumerateArray().Select(i => i.GetString()).ShouldBe(["chn_ops", "rule_disk"]);
        var channel = (await Host.Alerts.ChannelsAsync(default)).ShouldHaveSingleItem();
        (channel.Name, channel.Url, channel.Secret, channel.Revision).ShouldBe(("Ops by night", Hook, null, 2));
        (await (await Admin.GetAsync("/v1/admin/alert-rules/rule_disk")).JsonAsync()).Text("days").ShouldBe("9");
    }

    [Fact]
    public async Task Alerts_SectionsLeftOut_StayAsTheyAre_EvenWhenPruned_EmptyOnesArePruned()
    {
        Host.Secrets["OPS_HOOK"] = Hook;
        await Admin.PutAsync("/v1/admin/configuration", Some.Json(AlertFile("Ops", 7)));

        var old = await (await Admin.PutAsync("/v1/admin/configuration?prune=true", Some.Json("{}"))).JsonAsync();
        old.GetProperty("deleted").EnumerateArray().Select(i => i.GetString()).ShouldBe(["rule_silent_shop", "src_shop"], ignoreOrder: true, "a rule goes with what it is for");
        (await Host.Alerts.ChannelsAsync(default)).Count.ShouldBe(1);

        var pruned = await (await Admin.PutAsync("/v1/admin/configuration?prune=true", Some.Json("""{"alert_channels":[],"alert_rules":[]}"""))).JsonAsync();
        pruned.GetProperty("deleted").EnumerateArray().Select(i => i.GetString()).ShouldBe(["chn_ops"]);
        pruned.GetProperty("updated").EnumerateArray().Select(i => i.GetString()).ShouldBe(["rule_disk"]);
        (await (await Admin.GetAsync("/v1/admin/alert-rules/rule_disk")).JsonAsync()).Text("days").ShouldBe("3");
        (await Admin.GetStringAsync("/v1/admin/configuration")).ShouldContain("\"alert_rules\":[]");
    }

    [Fact]
    public async Task Alerts_ManyErrors_NamesAllAndChangesNothing()
    {
        var answer = await Admin.PutAsync("/v1/admin/configuration", Some.Json($$"""
            {"sources":[{"id":"src_shop","name":"Shop","domain":"shop.example.com"}],
             "alert_channels":[{"id":"chn_a","name":"A","type":"webhook","url":"{{Hook}}"},
                               {"id":"chn_a","name":" ","type":"webhook","url":"${NOT_SET}","secret":"plain"},
                               {"id":"chn_b","name":"B","type":"email","to":["nobody"]}],
             "alert_rules":[{"id":"rule_disk","kind":"silence"},{"id":"rule_x","kind":"silence","scope":"src_9","channels":["chn_9"]},
                            {"id":"rule_y","kind":"silence","scope":"src_shop","days":1},{"id":"rule_z","kind":"silence","scope":"src_shop"},{"id":"rule_w","kind":"disk"}]}
            """));

        (await answer.FieldsAsync()).ShouldBe(
            ["alert_channels[0].url format", "alert_channels[1].id twice", "alert_channels[1].url unresolved", "alert_channels[1].secret format", "alert_channels[1].name format", "alert_channels[2].to[0] format",
             "alert_rules[0].id fixed", "alert_rules[1].channels[0] exists", "alert_rules[1].scope exists", "alert_rules[2].days unknown", "alert_rules[3].scope taken", "alert_rules[4].scope required"],
            ignoreOrder: true);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("a-secret-path");
        (await Host.Store.LoadAsync(default)).Sources.ShouldBeEmpty();
        (await Host.Alerts.ChannelsAsync(default)).ShouldBeEmpty();
        (await (await Admin.PutAsync("/v1/admin/configuration", Some.Json("""{"alert_rule":[],"alert_channels":[{"id":"chn_a","name":"A","type":"email","to":["a@example.com"],"adress":"x"}]}"""))).FieldsAsync())
            .ShouldBe(["alert_rule unknown", "alert_channels[0].adress unknown"], ignoreOrder: true);
    }

    private const string Hook = "https://hooks.example.com/services/T0/B0/a-secret-path";

    private static string AlertFile(string name, int days) => $$"""
        {"sources":[{"id":"src_shop","name":"Shop","domain":"shop.example.com"}],
         "alert_channels":[{"id":"chn_ops","name":"{{name}}","type":"webhook","url":"${OPS_HOOK}"}],
         "alert_rules":[{"id":"rule_disk","kind":"disk","days":{{days}},"channels":["chn_ops"]},{"id":"rule_silent_shop","kind":"silence","scope":"src_shop","enabled":false}]}
        """;
}

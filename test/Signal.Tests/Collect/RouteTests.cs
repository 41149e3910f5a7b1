using System.Net;
using System.Text;
using Shouldly;
using Signal.Events;
using Signal.State;
using Xunit;

namespace Signal.Tests.Collect;

public class RouteTests
{
    [Theory]
    [InlineData("/v1/t", EventType.Track)]
    [InlineData("/v1/track", EventType.Track)]
    [InlineData("/v1/p", EventType.Page)]
    [InlineData("/v1/page", EventType.Page)]
    [InlineData("/v1/i", EventType.Identify)]
    [InlineData("/v1/identify", EventType.Identify)]
    [InlineData("/v1/g", EventType.Group)]
    [InlineData("/v1/group", EventType.Group)]
    [InlineData("/v1/s", EventType.Screen)]
    [InlineData("/v1/screen", EventType.Screen)]
    [InlineData("/v1/a", EventType.Alias)]
    [InlineData("/v1/alias", EventType.Alias)]
    public async Task Post_OneEvent_IsStoredWithTheRoutesType(string path, EventType type)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync(path, """{"event":"Signed Up","name":"Home","userId":"u1","groupId":"g1","messageId":"m1","properties":{"plan":"pro"},"later":[1]}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"success":true}""");
        var stored = host.Log.Events.ShouldHaveSingleItem();
        stored.Type.ShouldBe(type);
        stored.SourceId.ShouldBe(Some.Source.Id);
        stored.MessageId.ShouldBe("m1");
        stored.UserId.ShouldBe("u1");
        stored.GroupId.ShouldBe("g1");
        stored.Name.ShouldBe(type == EventType.Track ? "Signed Up" : "Home");
        stored.Id.ShouldStartWith("evt_");
        stored.ReceivedAt.ShouldBe(Some.Now);
        stored.Body.GetRawText().ShouldBe("""{"event":"Signed Up","name":"Home","userId":"u1","groupId":"g1","messageId":"m1","properties":{"plan":"pro"},"later":[1]}""");
    }

    [Theory]
    [InlineData("/v1/batch")]
    [InlineData("/v1/b")]
    public async Task Post_Batch_IsAppendedOnceWithErrorsByItem(string path)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync(path, """
            {"batch":[{"type":"page","name":"Home"},{"type":"track"},{"type":"what"},{},17,{"type":"track","event":"Signed Up"},{"type":"page","userId":{}}],"sentAt":"2026-03-01T12:00:00Z"}
            """);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = await answer.JsonAsync();
        json.GetProperty("success").GetBoolean().ShouldBeTrue();
        json.GetProperty("accepted").GetInt32().ShouldBe(2);
        json.GetProperty("errors").EnumerateArray().Select(e => (e.GetProperty("index").GetInt32(), e.GetProperty("code").GetString()))
            .ShouldBe([(1, "MISSING_EVENT_NAME"), (2, "UNKNOWN_TYPE"), (3, "MISSING_TYPE"), (4, "INVALID_FIELD"), (6, "INVALID_FIELD")]);
        host.Log.Events.Select(e => e.Name).ShouldBe(["Home", "Signed Up"]);
        host.Log.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Post_DuplicatesInABatchAndAcrossCalls_AreAcceptedAndStoredOnce()
    {
        await using var host = await CollectHost.StartAsync();
        const string twice = """{"batch":[{"type":"page","messageId":"m1"},{"type":"page","messageId":"m1"}]}""";

        await host.PostAsync("/v1/b", twice);
        var answer = await host.PostAsync("/v1/b", twice);

        (await answer.JsonAsync()).GetProperty("accepted").GetInt32().ShouldBe(2);
        host.Log.Events.ShouldHaveSingleItem();
        host.Counters[Some.Source.Id, "duplicate"].ShouldBe(3);
        host.Counters[Some.Source.Id, "accepted"].ShouldBe(1);
        host.Counters[Some.Source.Id, "received"].ShouldBe(4);
    }

    [Fact]
    public async Task Post_EmptyBatch_IsTaken()
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync("/v1/batch", """{"batch":[]}""");

        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"success":true,"accepted":0,"errors":[]}""");
        host.Log.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task Post_NoMessageId_IsGivenAUuid()
    {
        await using var host = await CollectHost.StartAsync();

        await host.PostAsync("/v1/p", "{}");

        Guid.TryParse(host.Log.Events.Single().MessageId, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("/v1/t", "{}", "MISSING_EVENT_NAME")]
    [InlineData("/v1/t", """{"event":"  "}""", "MISSING_EVENT_NAME")]
    [InlineData("/v1/t", """{"event":{}}""", "INVALID_FIELD")]
    [InlineData("/v1/p", """{"timestamp":"yesterday"}""", "INVALID_FIELD")]
    [InlineData("/v1/p", """{"properties":[1]}""", "INVALID_FIELD")]
    [InlineData("/v1/p", """{"context":"x"}""", "INVALID_FIELD")]
    [InlineData("/v1/p", """{"anonymousId":"a\u0000b"}""", "INVALID_FIELD")]
    [InlineData("/v1/p", """{"userId":""", "MALFORMED_JSON")]
    [InlineData("/v1/p", """{} {}""", "MALFORMED_JSON")]
    [InlineData("/v1/p", """[]""", "MALFORMED_JSON")]
    [InlineData("/v1/p", "", "MALFORMED_JSON")]
    [InlineData("/v1/b", "{}", "INVALID_FIELD")]
    [InlineData("/v1/b", """{"batch":{}}""", "INVALID_FIELD")]
    [InlineData("/v1/b", """{"batch":[],"sentAt":"x"}""", "INVALID_FIELD")]
    [InlineData("/v1/b", """{"batch":[{]}""", "MALFORMED_JSON")]
    public async Task Post_WrongBody_Answers400WithItsCode(string path, string body, string code)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.PostAsync(path, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.ErrorCodeAsync()).ShouldBe(code);
        host.Log.Events.ShouldBeEmpty();
        host.Counters[Some.Source.Id, $"rejected:{code}"].ShouldBe(1);
    }

    [Fact]
    public async Task Post_LogUnavailable_Answers503AndReadyzSaysWhy()
    {
        await using var host = await CollectHost.StartAsync();
        host.Log.Unavailable = "the disk is full";

        var answer = await host.PostAsync("/v1/p", "{}");
        var ready = await host.GetAsync("/readyz");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Header("Retry-After").ShouldBe("5");
        (await answer.ErrorCodeAsync()).ShouldBe("STORE_UNAVAILABLE");
        answer.Header("Set-Cookie").ShouldBeNull();
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.JsonAsync()).GetProperty("reason").GetString().ShouldBe("the disk is full");
        (await host.GetAsync("/healthz")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Readyz_LogAvailable_Answers200()
    {
        await using var host = await CollectHost.StartAsync();

        (await host.GetAsync("/readyz")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_ConsentStoreBroken_Answers503()
    {
        await using var host = await CollectHost.StartAsync();
        host.Consents.Failure = new StateUnavailableException("the store is gone");

        var answer = await host.PostAsync("/v1/p", """{"anonymousId":"a"}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        host.Log.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_OtherSdksNumbers_AreAnsweredAndThrownAway()
    {
        await using var host = await CollectHost.StartAsync();

        (await host.PostBytesAsync("/v1/m", Encoding.UTF8.GetBytes("{\"series\":[]}"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Log.Calls.ShouldBe(0);
    }

    [Theory]
    [InlineData("GET", "/v1/track", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/v1/pixel/track", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound)]
    [InlineData("POST", "/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/pixel/alias", HttpStatusCode.NotFound)]
    public async Task Send_UnknownRouteOrMethod_IsNotFound(string method, string path, HttpStatusCode status)
    {
        await using var host = await CollectHost.StartAsync();

        var answer = await host.SendAsync(CollectHost.Request(new HttpMethod(method), path, null));

        answer.StatusCode.ShouldBe(status);
        (await answer.ErrorCodeAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task Post_SourcesOwnPrefix_TakesTheRoutes()
    {
        await using var host = await CollectHost.StartAsync(source: Some.Source with { Sdk = new() { CollectPrefix = "/c/x" } });

        (await host.PostAsync("/c/x/t", """{"event":"A"}""")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.PostAsync("/c/x/batch", """{"batch":[{"type":"page"}]}""")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.GetAsync("/c/x/pixel/page?wk=dk_live_shop")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.GetAsync("/c/x/t")).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await host.PostAsync("/c/other/t", """{"event":"A"}""")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        host.Log.Events.Count.ShouldBe(3);
    }
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Signal.Configure;
using Signal.Log.Sqlite;
using Signal.State;
using Signal.State.Secrets;
using Signal.State.Sqlite;
using Xunit;

namespace Signal.Tests.Store;

public sealed class SecretTests : IDisposable
{
    private const string Long = "correct horse battery staple, and more";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("Ünïcødé 🛒")]
    public void Open_WhatWasSealed_IsTheSame(string secret)
    {
        var box = new AesSecretBox(MasterKey.Parse(Long));
        box.Open(box.Seal(secret)).ShouldBe(secret);
        box.Seal(secret).ShouldNotBe(box.Seal(secret));
        if (secret.Length > 0) box.Seal(secret).ShouldNotContain(secret);
    }

    [Fact]
    public void Open_AnyChangedCharacter_IsRefused()
    {
        var box = new AesSecretBox(MasterKey.Parse(Long));
        var text = box.Seal("secret");
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..];
            Should.Throw<CryptographicException>(() => box.Open(changed), $"character {i}");
        }

        Should.Throw<CryptographicException>(() => box.Open("v1." + text.Split('.')[1] + ".AAAA"));
        Should.Throw<CryptographicException>(() => box.Open("plain text"));
    }

    [Fact]
    public void Open_KeyNotAtHand_NamesIt()
    {
        var other = MasterKey.Parse(Long + "!");
        var text = new AesSecretBox(other).Seal("secret");
        Should.Throw<CryptographicException>(() => new AesSecretBox(MasterKey.Parse(Long)).Open(text)).Message.ShouldContain(other.Id);
    }

    [Fact]
    public void Reseal_AfterRotation_MovesToTheNewKey()
    {
        var old = new AesSecretBox(MasterKey.Parse(Long));
        var rotated = new AesSecretBox(MasterKey.Parse(Long + "!"), MasterKey.Parse(Long));
        var text = old.Seal("secret");
        rotated.Open(text).ShouldBe("secret");
        var resealed = rotated.Reseal(text).ShouldNotBeNull();
        rotated.Reseal(resealed).ShouldBeNull();
        new AesSecretBox(MasterKey.Parse(Long + "!")).Open(resealed).ShouldBe("secret");
        Should.Throw<CryptographicException>(() => old.Open(resealed));
    }

    [Fact]
    public void Parse_Texts()
    {
        Should.Throw<FormatException>(() => MasterKey.Parse("too short")).Message.ShouldContain("32");
        Should.Throw<FormatException>(() => MasterKey.Parse(Convert.ToBase64String(new byte[16])));
        var bytes = RandomNumberGenerator.GetBytes(32);
        MasterKey.Parse(Convert.ToBase64String(bytes) + "\n").Id.ShouldBe(MasterKey.FromBytes(bytes).Id);
        MasterKey.Parse(Long).Id.ShouldNotBe(MasterKey.Parse(Long + "x").Id);
    }

    [Fact]
    public void KeyFile_IsMadeOnceForItsOwnerOnly()
    {
        var first = MasterKeyFile.ReadOrCreate(_directory.Path);
        MasterKeyFile.ReadOrCreate(_directory.Path).Id.ShouldBe(first.Id);
        var path = _directory.File(MasterKeyFile.Name);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(path, "half a key");
        Should.Throw<FormatException>(() => MasterKeyFile.ReadOrCreate(_directory.Path)).Message.ShouldContain(path);
    }

    [Fact]
    public async Task Store_Secrets_NeverReachTheDiskAsPlainText()
    {
        const string token = "fedcba9876543210fedcba9876543210";
        const string hmac = "sk_plain_secret_of_the_source";
        await SaveAsync(Open(), token, hmac);
        foreach (var file in Directory.GetFiles(_directory.Path))
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            text.ShouldNotContain(token, Case.Insensitive, file);
            text.ShouldNotContain(hmac, Case.Insensitive, file);
        }
    }

    [Fact]
    public async Task Store_RotatedKey_OpensAndResealsEverything()
    {
        await SaveAsync(Open(Long), "the token of the integration", "the secret");
        using (var rotated = Open(Long + "!", Long))
        {
            (await rotated.Configuration.ResealAsync(rotated.Secrets, default)).ShouldBe(3);
            (await rotated.Configuration.ResealAsync(rotated.Secrets, default)).ShouldBe(0);
        }

        using var newOnly = Open(Long + "!");
        var snapshot = await newOnly.Configuration.LoadAsync(default);
        snapshot.Integrations["int_1"].Secrets["token_auth"].ShouldBe("the token of the integration");
        snapshot.Sources["src_1"].Secret.ShouldBe("the secret");
        (await newOnly.Configuration.RevisionsAsync("int_1", null, 10, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Store_RotatedKey_KeepsTheAnswersToCreates_ThoughTheOldKeyGoes()
    {
        var (now, until) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        using (var first = Open(Long))
        {
            foreach (var call in new[] { "finished", "running" }) await first.Idempotency.BeginAsync(call, "body", now, until, default);
            await first.Idempotency.FinishAsync("finished", "201 with a secret shown once", default);
        }

        using (var rotated = Open(Long + "!", Long)) await rotated.StartAsync(default);
        using var newOnly = Open(Long + "!");

        (await newOnly.Idempotency.BeginAsync("finished", "body", now, until, default))!.Answer.ShouldBe("201 with a secret shown once");
        (await newOnly.Idempotency.BeginAsync("running", "body", now, until, default))!.Answer.ShouldBeNull();
    }

    [Fact]
    public void Options_Printed_HideTheKeys() =>
        new SqliteStorageOptions("data") { MasterKey = Long, OldMasterKeys = [Long] }.ToString().ShouldNotContain("horse");

    private SqliteStorage Open(string? key = null, params string[] old) => new(
        new SqliteStorageOptions(_directory.Path) { MasterKey = key, OldMasterKeys = old }, TimeProvider.System, NullLogger<SqliteEventLog>.Instance);

    private static async Task SaveAsync(SqliteStorage storage, string token, string hmac)
    {
        var at = DateTimeOffset.UnixEpoch;
        var audit = new AuditEntry("log_1", at, "system", "source.created", "source", "src_1", new Dictionary<string, AuditChange>(), null);
        var source = new Source { Id = "src_1", Name = "Shop", Domain = "shop.example", PipelineKey = "dk_live_1", Secret = hmac, CreatedAt = at, UpdatedAt = at };
        var integration = new Integration
        {
            Id = "int_1",
            SourceId = "src_1",
            Vendor = "matomo",
            Name = "Matomo",
            Config = new Dictionary<string, System.Text.Json.JsonElement>(),
            Secrets = new Dictionary<string, string> { ["token_auth"] = token },
            CreatedAt = at,
            UpdatedAt = at,
        };
        using (storage)
        {
            (await storage.Configuration.SaveAsync(source, audit, default)).ShouldBeTrue();
            (await storage.Configuration.SaveAsync(integration, null, audit with { Id = "log_2" }, default)).ShouldBeTrue();
        }
    }
}

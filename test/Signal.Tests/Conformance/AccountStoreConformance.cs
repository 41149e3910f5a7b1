using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>What every <see cref="IAccountStore"/> must do.</summary>
public abstract class AccountStoreConformance(Func<string, TimeProvider, StateStores> open) : StateConformance(open)
{
    private static readonly User Ada = new("usr_1", "Ada@Example.com", "Ada", "admin", "hash", 2, Noon.AddMinutes(5), Noon, null);
    private static readonly ApiToken Token = new("tok_1", "ci", "editor", "aabb", "ada@example.com", Noon, Noon.AddDays(1), null);

    private IAccountStore Store => Stores.Accounts;

    [Fact]
    public async Task Users_AreFoundByIdAndEmailWhateverTheCase()
    {
        (await Store.SaveAsync(Ada, Stop)).ShouldBeTrue();
        Reopen();
        (await Store.UserAsync("usr_1", Stop)).ShouldBe(Ada);
        (await Store.UserByEmailAsync("aDA@example.COM", Stop)).ShouldBe(Ada);
        (await Store.UserByEmailAsync("bob@example.com", Stop)).ShouldBeNull();
        (await Store.UserAsync("usr_2", Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task SaveUser_EmailOfAnother_IsRefused()
    {
        await Store.SaveAsync(Ada, Stop);
        (await Store.SaveAsync(Ada with { Id = "usr_2", Email = "ADA@example.com" }, Stop)).ShouldBeFalse();
        (await Store.SaveAsync(Ada with { Id = "usr_2", Email = "bob@example.com" }, Stop)).ShouldBeTrue();
        (await Store.SaveAsync(Ada with { Id = "usr_2", Email = "ada@example.com" }, Stop)).ShouldBeFalse();
        (await Store.SaveAsync(Ada with { Name = "Ada L.", FailedSignIns = 0, LockedUntil = null, LastSignInAt = Noon }, Stop)).ShouldBeTrue();
        (await Store.UsersAsync(Stop)).Select(u => u.Name).ShouldBe(["Ada L.", "Ada"]);
    }

    [Fact]
    public async Task DeleteUser_TakesTheirSessions()
    {
        await Store.SaveAsync(Ada, Stop);
        await Store.SaveAsync(new RefreshToken("r1", "f1", "usr_1", Noon.AddDays(7), null), Stop);
        (await Store.DeleteUserAsync("usr_1", Stop)).ShouldBeTrue();
        (await Store.DeleteUserAsync("usr_1", Stop)).ShouldBeFalse();
        (await Store.UseRefreshTokenAsync("r1", Noon, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Tokens_AreKeptFoundAndRevoked()
    {
        await Store.SaveAsync(Token, Stop);
        await Store.SaveAsync(Token with { Id = "tok_2", Sha256 = "ccdd", CreatedAt = Noon.AddMinutes(1), ExpiresAt = null }, Stop);
        await Store.SaveAsync(Token with { LastUsedAt = Noon.AddHours(1) }, Stop);
        (await Store.TokensAsync(Stop)).Select(t => t.Id).ShouldBe(["tok_2", "tok_1"]);
        (await Store.TokenByHashAsync("aabb", Stop)).ShouldBe(Token with { LastUsedAt = Noon.AddHours(1) });
        (await Store.DeleteTokenAsync("tok_1", Stop)).ShouldBeTrue();
        (await Store.DeleteTokenAsync("tok_1", Stop)).ShouldBeFalse();
        (await Store.TokenByHashAsync("aabb", Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task RefreshToken_IsUsedOnce()
    {
        var token = new RefreshToken("r1", "f1", "usr_1", Noon.AddDays(7), null);
        await Store.SaveAsync(token, Stop);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.UseRefreshTokenAsync("r1", Noon.AddMinutes(1), Stop))));
        answers.Count(a => a!.UsedAt is null).ShouldBe(1);
        answers.Count(a => a!.UsedAt == Noon.AddMinutes(1)).ShouldBe(7);
        (await Store.UseRefreshTokenAsync("unknown", Noon, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task EndSession_EndsTheFamilyOnly()
    {
        await Store.SaveAsync(new RefreshToken("r1", "f1", "usr_1", Noon.AddDays(7), null), Stop);
        await Store.SaveAsync(new RefreshToken("r2", "f1", "usr_1", Noon.AddDays(7), null), Stop);
        await Store.SaveAsync(new RefreshToken("r3", "f2", "usr_1", Noon.AddDays(7), null), Stop);
        await Store.EndSessionAsync("f1", Stop);
        (await Store.UseRefreshTokenAsync("r1", Noon, Stop)).ShouldBeNull();
        (await Store.UseRefreshTokenAsync("r2", Noon, Stop)).ShouldBeNull();
        (await Store.UseRefreshTokenAsync("r3", Noon, Stop)).ShouldNotBeNull();
    }
}

using Shouldly;
using Signal.State;
using Xunit;

namespace Signal.Tests.Conformance;

/// <summary>What every <see cref="IAccountStore"/> must do.</summary>
public abstract class AccountStoreConformance(Func<string, TimeProvider, StateStores> open) : StateConformance(open)
{
    private static readonly User Ada = new("usr_1", "Ada@Example.com", "Ada", "admin", "hash", 2, Noon.AddMinutes(5), Noon, null);
    private static readonly ApiToken Token = new("tok_1", "ci", "editor", "aabb", "ada@example.com", Noon, Noon.AddDays(1), null);

    private int _entries;

    private IAccountStore Store => Stores.Accounts;

    [Fact]
    public async Task Users_AreFoundByIdEmailWhateverTheCaseAndSubject()
    {
        var ada = Ada with { Subject = "https://login.example.com|1", Stamp = "s", Enabled = false };
        (await SaveAsync(ada)).ShouldBe(UserSaved.Done);
        Reopen();
        (await Store.UserAsync("usr_1", Stop)).ShouldBe(ada);
        (await Store.UserByEmailAsync("aDA@example.COM", Stop)).ShouldBe(ada);
        (await Store.UserBySubjectAsync("https://login.example.com|1", Stop)).ShouldBe(ada);
        (await Store.UserByEmailAsync("bob@example.com", Stop)).ShouldBeNull();
        (await Store.UserBySubjectAsync("https://login.example.com|2", Stop)).ShouldBeNull();
        (await Store.UserAsync("usr_2", Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task SaveUser_EmailOrSubjectOfAnother_IsRefused()
    {
        await SaveAsync(Ada with { Subject = "a|1" });
        (await SaveAsync(Ada with { Id = "usr_2", Email = "ADA@example.com" })).ShouldBe(UserSaved.Taken);
        (await SaveAsync(Ada with { Id = "usr_2", Email = "bob@example.com", Subject = "a|1" })).ShouldBe(UserSaved.Taken);
        (await SaveAsync(Ada with { Id = "usr_2", Email = "bob@example.com" })).ShouldBe(UserSaved.Done);
        (await SaveAsync(Ada with { Id = "usr_2", Email = "ada@example.com", Revision = 2 })).ShouldBe(UserSaved.Taken);
        (await AuditedAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task SaveUser_OnAnOldRevision_IsStale()
    {
        await SaveAsync(Ada);
        (await SaveAsync(Ada with { Name = "Ada L.", Revision = 2 })).ShouldBe(UserSaved.Done);
        (await SaveAsync(Ada with { Name = "Somebody", Revision = 2 })).ShouldBe(UserSaved.Stale);
        (await SaveAsync(Ada with { Id = "usr_9", Email = "x@example.com", Revision = 2 })).ShouldBe(UserSaved.Stale);
        (await Store.UserAsync("usr_1", Stop))!.Name.ShouldBe("Ada L.");
        (await AuditedAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task LastAdministrator_StaysOne()
    {
        await SaveAsync(Ada);
        (await SaveAsync(Ada with { Role = "viewer", Revision = 2 })).ShouldBe(UserSaved.LastAdministrator);
        (await SaveAsync(Ada with { Enabled = false, Revision = 2 })).ShouldBe(UserSaved.LastAdministrator);
        (await DeleteAsync("usr_1", null)).ShouldBe(UserSaved.LastAdministrator);
        await SaveAsync(Ada with { Id = "usr_2", Email = "bob@example.com" });
        (await SaveAsync(Ada with { Role = "viewer", Revision = 2 })).ShouldBe(UserSaved.Done);
        (await DeleteAsync("usr_2", null)).ShouldBe(UserSaved.LastAdministrator);
    }

    [Fact]
    public async Task SaveUser_NewStamp_EndsTheirSessionsOnly()
    {
        await SaveAsync(Ada with { Stamp = "one" });
        await Store.BeginSessionAsync(new RefreshToken("r1", "f1", "usr_1", Noon.AddDays(7), null), Stop);
        await Store.BeginSessionAsync(new RefreshToken("r2", "f2", "usr_2", Noon.AddDays(7), null), Stop);
        await SaveAsync(Ada with { Stamp = "one", Name = "A", Revision = 2 });
        (await Store.HasSessionAsync("f1", Stop)).ShouldBeTrue();
        await SaveAsync(Ada with { Stamp = "two", Revision = 3 });
        (await Store.HasSessionAsync("f1", Stop)).ShouldBeFalse();
        (await Store.HasSessionAsync("f2", Stop)).ShouldBeTrue();
    }

    [Fact]
    public async Task MarkSignIn_TouchesOnlyWhatASignInChanges()
    {
        await SaveAsync(Ada);
        var marked = Ada with { FailedSignIns = 0, LockedUntil = null, LastSignInAt = Noon, Name = "not this", Role = "viewer" };
        (await Store.MarkSignInAsync(marked, Entry(), Stop)).ShouldBeTrue();
        (await Store.UserAsync("usr_1", Stop)).ShouldBe(marked with { Name = "Ada", Role = "admin" });
        await SaveAsync(Ada with { PasswordHash = "new", Revision = 2 });
        (await Store.MarkSignInAsync(marked, Entry(), Stop)).ShouldBeFalse();
        (await Store.UserAsync("usr_1", Stop))!.PasswordHash.ShouldBe("new");
    }

    [Fact]
    public async Task DeleteUser_TakesTheirSessions()
    {
        await SaveAsync(Ada with { Role = "editor" });
        await Store.BeginSessionAsync(new RefreshToken("r1", "f1", "usr_1", Noon.AddDays(7), null), Stop);
        (await DeleteAsync("usr_1", 7)).ShouldBe(UserSaved.Stale);
        (await DeleteAsync("usr_1", 1)).ShouldBe(UserSaved.Done);
        (await DeleteAsync("usr_1", null)).ShouldBe(UserSaved.Stale);
        (await Store.UseRefreshTokenAsync("r1", Noon, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Tokens_AreKeptFoundAndRevoked()
    {
        await Store.AddAsync(Token, Entry(), Stop);
        await Store.AddAsync(Token with { Id = "tok_2", Sha256 = "ccdd", CreatedAt = Noon.AddMinutes(1), ExpiresAt = null }, Entry(), Stop);
        await Store.MarkUsedAsync("tok_1", Noon.AddHours(1), Stop);
        (await Store.TokensAsync(Stop)).Select(t => t.Id).ShouldBe(["tok_2", "tok_1"]);
        (await Store.TokenByHashAsync("aabb", Stop)).ShouldBe(Token with { LastUsedAt = Noon.AddHours(1) });
        (await Store.DeleteTokenAsync("tok_1", Entry(), Stop)).ShouldBeTrue();
        (await Store.DeleteTokenAsync("tok_1", Entry(), Stop)).ShouldBeFalse();
        await Store.MarkUsedAsync("tok_1", Noon.AddHours(2), Stop);
        (await Store.TokenByHashAsync("aabb", Stop)).ShouldBeNull();
        (await AuditedAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task RefreshToken_IsUsedOnce()
    {
        await Store.BeginSessionAsync(new RefreshToken("r1", "f1", "usr_1", Noon.AddDays(7), null), Stop);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.UseRefreshTokenAsync("r1", Noon.AddMinutes(1), Stop))));
        answers.Count(a => a!.UsedAt is null).ShouldBe(1);
        answers.Count(a => a!.UsedAt == Noon.AddMinutes(1)).ShouldBe(7);
        (await Store.UseRefreshTokenAsync("unknown", Noon, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task EndSession_EndsTheFamilyOnlyAndForGood()
    {
        await Store.BeginSessionAsync(new RefreshToken("r1", "f1", "usr_1", Noon.AddDays(7), null), Stop);
        (await Store.ContinueSessionAsync(new RefreshToken("r2", "f1", "usr_1", Noon.AddDays(7), null), Stop)).ShouldBeTrue();
        await Store.BeginSessionAsync(new RefreshToken("r3", "f2", "usr_1", Noon.AddDays(7), null), Stop);
        (await Store.EndSessionAsync("f1", Stop)).ShouldBeTrue();
        (await Store.EndSessionAsync("f1", Stop)).ShouldBeFalse();
        (await Store.ContinueSessionAsync(new RefreshToken("r4", "f1", "usr_1", Noon.AddDays(7), null), Stop)).ShouldBeFalse();
        (await Store.UseRefreshTokenAsync("r1", Noon, Stop)).ShouldBeNull();
        (await Store.UseRefreshTokenAsync("r2", Noon, Stop)).ShouldBeNull();
        (await Store.UseRefreshTokenAsync("r3", Noon, Stop)).ShouldNotBeNull();
    }

    private Task<UserSaved> SaveAsync(User user) => Store.SaveAsync(user, Entry(), Stop);

    private Task<UserSaved> DeleteAsync(string id, int? revision) => Store.DeleteUserAsync(id, revision, Entry(), Stop);

    private AuditEntry Entry() => Audit(++_entries);

    private async Task<int> AuditedAsync() => (await Stores.Audit.ListAsync(new AuditFilter(Limit: 100), Stop)).Count;
}

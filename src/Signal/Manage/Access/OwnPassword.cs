using Signal.Manage.Changes;
using Signal.State;

namespace Signal.Manage.Access;

/// <summary>Lets people change their own password, for API and console alike: the current one is asked for and guesses at it lock the account.</summary>
internal sealed class OwnPassword(SignIns signIns, Accounts accounts)
{
    /// <summary>Changes it and ends all their sessions. Missing: the actor is no user.</summary>
    public async Task<Outcome<User>> ChangeAsync(PasswordInput input, Actor actor, CancellationToken stop)
    {
        if (actor.UserId is not { } id) return new Outcome<User>.Missing();
        return await signIns.ConfirmAsync(actor.Name, input.CurrentPassword, actor.Ip, stop) switch
        {
            SignIn.Accepted => await accounts.ChangeAsync(id, new UserPatch { Password = input.NewPassword }, null, actor, stop),
            SignIn.Refused => new Outcome<User>.Invalid([new("current_password", "wrong", "This is not your current password.")]),
            SignIn.Closed => new Outcome<User>.Conflict("PASSWORD_SIGN_IN_OFF", "Nobody signs in with a password here."),
            _ => new Outcome<User>.Conflict("ACCOUNT_LOCKED", "Too many wrong passwords. Try again later, or ask an administrator to unlock the account."),
        };
    }
}

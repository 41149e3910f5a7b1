using Microsoft.Extensions.Localization;
using MudBlazor;
using Signal.Manage.Changes;

namespace Signal.Console.Parts;

/// <summary>Short messages at the foot of the page. Always as text: MudBlazor reads plain strings as markup.</summary>
internal sealed class Say(ISnackbar bar, IStringLocalizer<Words> l)
{
    public void Done(string text) => Show(text, Severity.Success);

    public void Wrong(string text) => Show(text, Severity.Error);

    public void Denied() => Wrong(l["Your role does not allow this. Nothing was changed."]);

    /// <summary>Says how a change ended; answers whether it was done. Errors of fields are the form's to show.</summary>
    public bool Ended<T>(Outcome<T> outcome, string done) => Ended(outcome, _ => done);

    /// <summary>The same, where what is said depends on what came of it.</summary>
    public bool Ended<T>(Outcome<T> outcome, Func<T, string> done)
    {
        switch (outcome)
        {
            case Outcome<T>.Done ended:
                Done(done(ended.Value));
                return true;
            case Outcome<T>.Invalid invalid:
                Wrong(invalid.Errors.Count == 1 ? invalid.Errors[0].Message : l["{0} fields need another look. Nothing was changed.", invalid.Errors.Count]);
                return false;
            case Outcome<T>.Stale:
                Wrong(l["Somebody else has changed this since you opened it. Nothing was changed. Reload the page and try again."]);
                return false;
            case Outcome<T>.Conflict conflict:
                Wrong(conflict.Message);
                return false;
            default:
                Wrong(l["It does not exist any more."]);
                return false;
        }
    }

    private void Show(string text, Severity severity) => bar.Add(b => b.AddContent(0, text), severity);
}

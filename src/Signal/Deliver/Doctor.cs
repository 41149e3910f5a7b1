using Signal.Configure;
using Signal.Destinations;
using Signal.State;

namespace Signal.Deliver;

/// <summary>Asks a destination the questions of an examination and reports what the answers mean. Never throws for what the destination does.</summary>
internal sealed class Doctor(IDestinationSender sender, IRefusalStore refusals, TimeProvider time)
{
    private const int MostQuestions = 24;

    /// <summary>Runs an examination of a checked integration; no finding when its destination offers none.</summary>
    public async Task<IReadOnlyList<Finding>> ExamineAsync(IDestination destination, Integration integration, CancellationToken stop)
    {
        var examination = destination.Examine(integration, Guid.NewGuid().ToString("N"));
        if (examination is null) return [];

        var answers = new Dictionary<string, QuestionAnswer>(StringComparer.Ordinal);
        while (answers.Count < MostQuestions && examination.Next(answers) is { Count: > 0 } questions)
        {
            foreach (var question in questions)
            {
                var response = await sender.SendAsync(question.Request, stop);
                answers[question.Name] = new QuestionAnswer(response, time.GetUtcNow());
            }
        }

        // The lanes hold back for what people have refused for them.
        using var doubt = new RefusalBudget(destination.Compile(integration).Server, refusals, time).Doubt();
        await doubt.CoverAsync(examination.Refusals(answers), stop);
        return examination.Findings(answers);
    }
}

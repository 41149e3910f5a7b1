using Signal.Configure;
using Signal.Manage.Resources;

namespace Signal.Tests.Manage.Fakes;

internal sealed class FakeDoctor : IDoctor
{
    public Task<DoctorReport> RunAsync(Integration integration, CancellationToken stop) =>
        Task.FromResult(new DoctorReport(false, [new("address", CheckStatus.Pass, "It answers."), new("token", CheckStatus.Fail, "Refused.", "403", "Create a new token.")]));
}

using Signal.Configure;
using Signal.Deliver;
using Signal.Destinations;
using Signal.Manage.Resources;

namespace Signal.Hosting;

/// <summary>Hands the management side's question "what is wrong with it?" to delivery's doctor.</summary>
internal sealed class DoctorDesk(Doctor doctor) : IDoctor
{
    public async Task<DoctorReport> RunAsync(Integration integration, CancellationToken stop)
    {
        if (Catalog.Find(integration.Vendor) is not { } destination) return new DoctorReport(false, [new DoctorCheck("address", CheckStatus.Fail, $"This version knows no destination {integration.Vendor}.")]);
        var findings = await doctor.ExamineAsync(destination, destination.Check(integration).Integration, stop);
        return new DoctorReport(
            findings.All(f => f.Status != FindingStatus.Fail),
            [.. findings.Select(f => new DoctorCheck(f.Id, Of(f.Status), f.Text, f.Evidence, f.Remedy))]);
    }

    private static CheckStatus Of(FindingStatus status) => status switch
    {
        FindingStatus.Pass => CheckStatus.Pass,
        FindingStatus.Warn => CheckStatus.Warn,
        FindingStatus.Fail => CheckStatus.Fail,
        _ => CheckStatus.Skip,
    };
}

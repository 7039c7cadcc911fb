using Microsoft.AspNetCore.Http;

namespace SmimeGateway.Host.Admin;

/// <summary>Answers whether the gateway should get mail, and whether it should be left running.</summary>
internal sealed class HealthEndpoints(Health health)
{
    public Task LiveAsync(HttpContext context) => AnswerAsync(context, new HealthReport(health.FindDeadParts(), []));

    public async Task ReadyAsync(HttpContext context) => await AnswerAsync(context, await health.ReportAsync());

    // Probes look at the code alone; the body is for those who wonder.
    private static Task AnswerAsync(HttpContext context, HealthReport report)
    {
        context.Response.StatusCode = report.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return AdminReply.GiveAsync(context, report);
    }
}

/// <summary>The answer to a probe.</summary>
/// <param name="Troubles">What is wrong, a sentence each.</param>
/// <param name="Warnings">What makes some mail wait, and is no reason to send none; a sentence each.</param>
internal sealed record HealthReport(IReadOnlyList<string> Troubles, IReadOnlyList<string> Warnings)
{
    /// <summary>True when there is no trouble.</summary>
    public bool IsHealthy => Troubles.Count == 0;
}

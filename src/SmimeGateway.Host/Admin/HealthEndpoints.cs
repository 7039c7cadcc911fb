using Microsoft.AspNetCore.Http;

namespace SmimeGateway.Host.Admin;

/// <summary>Answers whether the gateway should get mail, and whether it should be left running.</summary>
internal sealed class HealthEndpoints(Health health)
{
    public Task LiveAsync(HttpContext context) => AnswerAsync(context, health.FindDeadParts(), []);

    public Task ReadyAsync(HttpContext context) => AnswerAsync(context, health.FindTroubles(), health.FindWarnings());

    // Probes look at the code alone; the body is for those who wonder.
    private static Task AnswerAsync(HttpContext context, IReadOnlyList<string> troubles, IReadOnlyList<string> warnings)
    {
        context.Response.StatusCode = troubles.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return AdminReply.GiveAsync(context, new HealthReport(troubles.Count == 0, troubles, warnings));
    }
}

/// <summary>The answer to a probe.</summary>
/// <param name="IsHealthy">True when nothing is wrong.</param>
/// <param name="Troubles">What is wrong, a sentence each.</param>
/// <param name="Warnings">What makes some mail wait, and is no reason to send none; a sentence each.</param>
internal sealed record HealthReport(bool IsHealthy, IReadOnlyList<string> Troubles, IReadOnlyList<string> Warnings);

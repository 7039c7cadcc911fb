using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SmimeGateway.Host.Admin;

/// <summary>Everything the admin socket can be asked.</summary>
internal sealed class AdminRoutes(StatusEndpoint status, HealthEndpoints health, QueueEndpoints queue, LogEndpoints log)
{
    /// <summary>The most octets a request may have: the ids of a thousand messages take a third of it.</summary>
    public const int MaxRequestBytes = 64 * 1024;

    /// <summary>Makes the application answer.</summary>
    public void Map(WebApplication application)
    {
        (string Method, string Path, RequestDelegate Answer)[] table =
        [
            ("GET", "/status", status.ShowAsync),
            ("GET", "/health/live", health.LiveAsync),
            ("GET", "/health/ready", health.ReadyAsync),
            ("GET", "/queue", queue.ListAsync),
            ("GET", "/queue/{id}", queue.ShowAsync),
            ("GET", "/queue/{id}/sealed", queue.ExportAsync),
            ("POST", "/queue/retry", queue.RetryAsync),
            ("POST", "/queue/hold", queue.HoldAsync),
            ("POST", "/queue/release", queue.ReleaseAsync),
            ("POST", "/queue/remove", queue.RemoveAsync),
            ("GET", "/log/level", log.ShowLevelAsync),
            ("POST", "/log/level", log.ChooseLevelAsync),
            ("GET", "/log/tail", log.TailAsync),
        ];

        application.UseRouting();
        application.Use(ExplainAsync);
        application.UseEndpoints(endpoints =>
        {
            foreach (var (method, path, answer) in table)
            {
                endpoints.MapMethods(path, [method], answer);
            }
        });
    }

    /// <summary>Gives a sentence to a reply that the framework left empty.</summary>
    private static async Task ExplainAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var (request, response) = (context.Request, context.Response);
        if (response.HasStarted)
        {
            return;
        }

        if (response.StatusCode == StatusCodes.Status404NotFound)
        {
            await AdminReply.RefuseAsync(context, response.StatusCode, $"There is no {request.Path} here.");
        }
        else if (response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            await AdminReply.RefuseAsync(context, response.StatusCode, $"{request.Path} cannot be asked with {request.Method}.");
        }
    }
}

using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using SmimeGateway.Host.Configuration.Binding;
using SmimeGateway.Host.Telemetry;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Admin;

/// <summary>Shows and chooses the level of the log, and lets administrators read it along.</summary>
/// <param name="level">The level.</param>
/// <param name="tail">The lines.</param>
/// <param name="log">Hears who chose a level.</param>
/// <param name="stopping">Cancelled when the gateway stops, which must not wait for somebody who reads.</param>
internal sealed partial class LogEndpoints(LogLevelControl level, LogTail tail, ILogger<LogEndpoints> log, CancellationToken stopping)
{
    private const int UsualLines = 20;
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    public Task ShowLevelAsync(HttpContext context) => AdminReply.GiveAsync(context, level.State);

    public async Task ChooseLevelAsync(HttpContext context)
    {
        if (await AdminReply.ReadAsync<LogLevelRequest>(context) is not { } request)
        {
            return;
        }

        TimeSpan? duration = null;
        if (request.For is { } text)
        {
            if (DurationText.TryParse(text, out var parsed) is { } flaw)
            {
                await AdminReply.RefuseAsync(context, StatusCodes.Status400BadRequest, $"\"{text}\": {flaw.Problem}. {flaw.Remedy}");
                return;
            }

            if (parsed < TimeSpan.FromSeconds(1) || parsed > LogLevelRequest.Longest)
            {
                await AdminReply.RefuseAsync(
                    context, StatusCodes.Status400BadRequest, $"A level can be chosen for 1s to {DurationText.Format(LogLevelRequest.Longest)}.");
                return;
            }

            duration = parsed;
        }

        var state = level.Choose(request.Level, duration);
        if (state.Until is { } until)
        {
            ChosenUntil(log, ConfiguredName.Of(state.Level), until, ConfiguredName.Of(state.Then!.Value), Requester.Of(context));
        }
        else
        {
            Chosen(log, ConfiguredName.Of(state.Level), Requester.Of(context));
        }

        await AdminReply.GiveAsync(context, state);
    }

    public async Task TailAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var least = LogThreshold.Debug;
        if (query["level"].ToString() is { Length: > 0 } word && !Enum.TryParse(word, ignoreCase: true, out least))
        {
            await AdminReply.RefuseAsync(context, StatusCodes.Status400BadRequest, $"\"{word}\" is no level. There are debug, information, warning and error.");
            return;
        }

        var lines = UsualLines;
        if (query["lines"].ToString() is { Length: > 0 } number && (!int.TryParse(number, out lines) || lines is < 0 or > LogTail.Kept))
        {
            await AdminReply.RefuseAsync(context, StatusCodes.Status400BadRequest, $"The last lines that are kept are {LogTail.Kept}, and \"{number}\" is no number up to that.");
            return;
        }

        using var reader = tail.TryOpen(LogPipeline.ToLevel(least), lines, follows: query["follow"] == "true");
        if (reader is null)
        {
            await AdminReply.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many read the log along already. Close one of them.");
            return;
        }

        await SendAsync(context, reader);
    }

    private async Task SendAsync(HttpContext context, LogReader reader)
    {
        // Somebody who halts the terminal to read is slow, not gone.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        context.Response.ContentType = "application/x-ndjson";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            var output = context.Response.BodyWriter;
            await output.FlushAsync(end.Token);
            await foreach (var line in reader.ReadAsync(end.Token))
            {
                await output.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, AdminJson.Options), end.Token);
                await output.WriteAsync(LineEnd, end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // What is not read yet must not hold up the end of the gateway either.
            context.Abort();
        }
    }

    // Warnings, so that the change itself stands in the log at nearly every level.
    [LoggerMessage(Level = LogLevel.Warning, Message = "The log level is {Level} now, chosen by {Requester}")]
    private static partial void Chosen(ILogger log, string level, string requester);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log level is {Level} now, until {Until:u}, and {Then} after that, chosen by {Requester}")]
    private static partial void ChosenUntil(ILogger log, string level, DateTimeOffset until, string then, string requester);
}

using SmimeGateway.Certificates.Files;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>The key that seals held messages can be used.</summary>
internal static class HoldKeyCheck
{
    /// <summary>One finding where a rule holds mail; none where nothing is ever sealed.</summary>
    public static IEnumerable<CheckFinding> Check(GatewayOptions options)
    {
        var configured = options.Encryption.HoldKey;
        if (configured is null && !options.Rules.Any(rule => rule.Encrypt is { WhenMissing: WhenRecipientMissing.Hold }))
        {
            return [];
        }

        var place = configured is null ? HoldKey.FileIn(options.DataFolder) : configured.File ?? $"the environment variable {configured.Env}";
        var subject = $"encryption.holdKey: {place}";
        if (configured is null && !Directory.Exists(Path.GetDirectoryName(place)))
        {
            return [CheckFinding.Good(subject, "The key will be made when the first message is held. Back it up then: nothing else opens what is held.")];
        }

        try
        {
            using var key = HoldKey.At(options.DataFolder, configured, keepsMade: false);
            return [CheckFinding.Good(subject, $"Seals held messages: {key.Certificate.Subject}.")];
        }
        catch (IOException exception)
        {
            return [CheckFinding.Error("encryption.holdKey", $"{FileHindrance.WithPlace(exception)}. Messages cannot be held, and those that are cannot be released.")];
        }
    }
}

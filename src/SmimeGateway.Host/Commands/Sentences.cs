using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Telemetry;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Commands;

/// <summary>Decisions in words an administrator would use.</summary>
internal static class Sentences
{
    public static string Of(Decision decision) => decision.Action switch
    {
        DecisionAction.Protect => $"rule \"{decision.RuleName}\" {string.Join(", ", StepsOf(decision))}",
        DecisionAction.Reject => $"{decision.RuleName}: rejected with 550 5.7.1",
        DecisionAction.Pass => $"{Quoted(decision.RuleName)} passes the message unchanged",
    };

    private static IEnumerable<string> StepsOf(Decision decision)
    {
        if (decision is { SignsInside: true, Sign: { } sign })
        {
            yield return $"signs with {string.Join(", then ", sign.With)}{(sign.Also == SecondSignature.None ? "" : ", and a second time with ML-DSA")}";
        }

        if (decision.Encrypt is { } terms)
        {
            yield return $"encrypts to certificates of {string.Join(", then ", terms.Options.To)}";
        }

        if (decision.SignsOutside)
        {
            yield return "signs again";
        }
    }

    public static string Of(LogLevelState state) => state.Until is { } until
        ? $"{ConfiguredName.Of(state.Level)} until {until:yyyy-MM-dd HH:mm:ss zzz}, then {ConfiguredName.Of(state.Then!.Value)}"
        : ConfiguredName.Of(state.Level);

    private static string Quoted(string rule) => rule == Decision.Otherwise ? "otherwise" : $"rule \"{rule}\"";
}

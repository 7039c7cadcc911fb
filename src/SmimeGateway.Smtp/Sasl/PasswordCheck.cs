namespace SmimeGateway.Smtp.Sasl;

/// <summary>
/// Checks passwords that came in plain. Each costs tens of milliseconds of processor time by design, so that only a few are checked at
/// a time, in all sessions together: who guesses waits in line, and mail goes on.
/// </summary>
internal static class PasswordCheck
{
    // A client that is not answered for longer would have given up.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly SemaphoreSlim Turn = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Decides whether the name and the password belong together.</summary>
    public static async ValueTask<SaslStep> DecideAsync(UserLookup users, string name, string password)
    {
        if (!await users.AdmitAsync(name))
        {
            return SaslStep.Decide(SaslOutcome.TurnedAway, name);
        }

        if (!await Turn.WaitAsync(Patience))
        {
            return SaslStep.Decide(SaslOutcome.Busy, name);
        }

        try
        {
            var (credentials, isKnown, whenWrong) = users.Find(name);
            var isRight = await Task.Run(() => credentials.Accepts(password));
            return SaslStep.Decide(isRight && isKnown ? SaslOutcome.Accepted : whenWrong, name);
        }
        finally
        {
            Turn.Release();
        }
    }
}

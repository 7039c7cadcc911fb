namespace SmimeGateway.Smtp.Client.Authentication;

/// <summary>The client's side of one exchange by one mechanism (RFC 4422 section 3). Never logged: it holds secrets.</summary>
internal interface ISaslMechanism
{
    /// <summary>The name that AUTH gives.</summary>
    string Name { get; }

    /// <summary>True when the server's yes can be believed: mechanisms in which the server proves itself wait for that proof.</summary>
    bool IsSatisfied { get; }

    /// <summary>The first response, which may travel with AUTH; null when the server speaks first.</summary>
    byte[]? Begin();

    /// <summary>The response to a challenge.</summary>
    /// <param name="challenge">The text behind 334, foreign and not decoded yet; see <see cref="SaslChallenge.Decode"/>.</param>
    /// <exception cref="SaslException">There is no response to it.</exception>
    byte[] Answer(string challenge);
}

namespace SmimeGateway.Mime.Tests.ProtectedHeaders;

/// <summary>
/// The field lists of RFC 9788: what its examples start from and what they come to. The same input must give the same protected fields,
/// the same HP-Outer fields and the same fields outside.
/// </summary>
internal static class Rfc9788Examples
{
    /// <summary>Section 1.9: a subject and keywords.</summary>
    public static Rfc9788Example Introduction { get; } = new(
        """
        Date: Wed, 11 Jan 2023 16:08:43 -0500
        From: Bob <bob@example.net>
        To: Alice <alice@example.net>
        Subject: Handling the Jones contract
        Keywords: Contract, Urgent
        Message-ID: <20230111T210843Z.1234@lhp.example>
        """,
        """
        Date: Wed, 11 Jan 2023 16:08:43 -0500
        From: Bob <bob@example.net>
        To: Alice <alice@example.net>
        Subject: [...]
        Message-ID: <20230111T210843Z.1234@lhp.example>
        """,
        "Subject: Handling the Jones contract\r\nKeywords: Contract, Urgent\r\n\r\n");

    /// <summary>Appendix D.1: a new message.</summary>
    public static Rfc9788Example NewMessage { get; } = new(
        """
        Date: Wed, 11 Jan 2023 16:08:43 -0500
        From: Bob <bob@example.net>
        To: Alice <alice@example.net>
        Subject: Handling the Jones contract
        Message-ID: <20230111T210843Z.1234@lhp.example>
        """,
        """
        Date: Wed, 11 Jan 2023 16:08:43 -0500
        From: Bob <bob@example.net>
        To: Alice <alice@example.net>
        Subject: [...]
        Message-ID: <20230111T210843Z.1234@lhp.example>
        """,
        "Subject: Handling the Jones contract\r\n\r\n");

    /// <summary>Appendix C.3.5: a reply, whose HP-Outer is folded.</summary>
    public static Rfc9788Example Reply { get; } = new(
        """
        Subject: smime-signed-enc-hp-baseline-reply
        Message-ID: <smime-signed-enc-hp-baseline-reply@example>
        From: Alice <alice@smime.example>
        To: Bob <bob@smime.example>
        Date: Sat, 20 Feb 2021 10:15:02 -0500
        User-Agent: Sample MUA Version 1.0
        In-Reply-To: <smime-signed-enc-hp-baseline@example>
        References: <smime-signed-enc-hp-baseline@example>
        """,
        """
        Subject: [...]
        Message-ID: <smime-signed-enc-hp-baseline-reply@example>
        From: Alice <alice@smime.example>
        To: Bob <bob@smime.example>
        Date: Sat, 20 Feb 2021 10:15:02 -0500
        User-Agent: Sample MUA Version 1.0
        In-Reply-To: <smime-signed-enc-hp-baseline@example>
        References: <smime-signed-enc-hp-baseline@example>
        """,
        "Subject: smime-signed-enc-hp-baseline-reply\r\n\r\n");

    public static IReadOnlyList<Rfc9788Example> All { get; } = [Introduction, NewMessage, Reply];
}

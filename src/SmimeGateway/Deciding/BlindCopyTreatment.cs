namespace SmimeGateway.Deciding;

/// <summary>How blind recipients, those of the envelope that neither To nor Cc names, get an encrypted message.</summary>
public enum BlindCopyTreatment
{
    /// <summary>Each blind recipient gets a message of its own, encrypted to nobody else.</summary>
    SeparateEach,

    /// <summary>All blind recipients get one message of their own. They can see how many they are, and who, but nobody else can.</summary>
    SeparateTogether,

    /// <summary>Everybody gets the same message. Who reads its recipient infos can see blind recipients.</summary>
    Together,
}

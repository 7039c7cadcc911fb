namespace SmimeGateway;

/// <summary>The least severe level that is logged.</summary>
public enum LogThreshold
{
    /// <summary>The whole story of every message.</summary>
    Debug,

    /// <summary>One line for each outcome.</summary>
    Information,

    /// <summary>What an administrator should look at.</summary>
    Warning,

    /// <summary>What is broken.</summary>
    Error,
}

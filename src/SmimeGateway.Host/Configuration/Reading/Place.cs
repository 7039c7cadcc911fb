namespace SmimeGateway.Host.Configuration.Reading;

/// <summary>
/// A place in the configuration, whether or not something stands there: the check of a value that was left out has a path to name and
/// the nearest line to point at.
/// </summary>
internal readonly record struct Place
{
    private Place(ConfigurationNode nearest, string path, bool isPresent)
    {
        Nearest = nearest;
        Path = path;
        IsPresent = isPresent;
    }

    /// <summary>The place of a value.</summary>
    public Place(ConfigurationNode node)
        : this(node, node.Path, true)
    {
    }

    /// <summary>The value at this place, or the nearest around it.</summary>
    public ConfigurationNode Nearest { get; }

    /// <summary>The JSON path.</summary>
    public string Path { get; }

    /// <summary>True when something stands at this place.</summary>
    public bool IsPresent { get; }

    /// <summary>The value for a message: only of what is short by nature.</summary>
    public string Value =>
        IsPresent && Nearest.Kind is not (NodeKind.Object or NodeKind.Array) ? Nearest.ToString() : string.Empty;

    /// <summary>The place of a member.</summary>
    public Place this[string key] => IsPresent && Nearest.Find(key) is { } child
        ? new Place(child)
        : new Place(Nearest, Path + ConfigurationNode.MemberSuffix(key), isPresent: false);

    /// <summary>The place of an element; a single value stands for a list of one.</summary>
    public Place this[int index] => !IsPresent || Nearest.Kind != NodeKind.Array
        ? this
        : index < Nearest.Children.Count
            ? new Place(Nearest.Children[index])
            : new Place(Nearest, Path + ConfigurationNode.ElementSuffix(index), isPresent: false);
}

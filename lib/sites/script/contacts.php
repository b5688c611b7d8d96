<?php
/*
 * Contacts pour « Services Relation et Communication » (SRC).
 *
 * Ce fichier répond à SRC, et à lui seul : chaque question est signée avec une clé que ce site et SRC sont seuls à
 * connaître ; toute autre visite reçoit « 403 », sans un mot. Il ne fait que lire une table (ou une vue) de MySQL.
 *
 * POUR L’INSTALLER
 *   1. Créez dans MySQL un compte qui ne peut que lire (phpMyAdmin ou ligne de commande) :
 *        CREATE USER 'src_lecture'@'localhost' IDENTIFIED BY 'un-long-mot-de-passe';
 *        GRANT SELECT ON ma_base.ma_table TO 'src_lecture'@'localhost';
 *   2. Donnez ci-dessous la base, le compte et son mot de passe. Mieux : écrivez-les dans un fichier
 *      « src-acces.php » placé AU-DESSUS du dossier public du site (à défaut, à côté de ce fichier) ; il survit quand
 *      vous remplacez ce script-ci :
 *        <?php return ['hote' => 'localhost', 'base' => 'ma_base', 'compte' => 'src_lecture', 'mot_de_passe' => '…'];
 *   3. Déposez ce fichier sur le site, en https, et donnez son adresse à l’administrateur de SRC. Son bouton
 *      « Vérifier » lui dit ce qui manque, et ce que vous avez à corriger.
 *
 * POUR CHANGER DE CLÉ : l’administrateur télécharge un nouveau script, vous remplacez celui-ci. Rien ne s’arrête :
 * SRC garde l’ancienne clé jusqu’à la première réponse signée de la nouvelle.
 *
 * Il demande PHP 7.4 ou plus récent, PDO pour MySQL, et rien d’autre.
 */

// ───── réglages, écrits par SRC quand le script est téléchargé
$reglages = [
    'source' => 'ma-source',
    'cle' => '',
    'hote' => 'localhost',
    'base' => '',
    'compte' => '',
    'mot_de_passe' => '',
    'table' => '',
    'identifiant' => 'id',
    // Ce que SRC appelle… => la colonne d’ici. Une colonne qui change (« modifie_le ») se met en 'updatedAt'.
    'colonnes' => [],
    // Ces champs, vides ici, seront vidés dans SRC aussi, tant que personne ne les y a corrigés.
    'vider' => [],
];
// ───── fin des réglages

ini_set('display_errors', '0');
error_reporting(0);
ignore_user_abort(false);

const SRC_FENETRE = 300;
const SRC_LIGNES_MAX = 5000;

$acces = trouver_acces(__DIR__);
foreach ($acces as $nom => $valeur) {
    if (array_key_exists($nom, $reglages)) {
        $reglages[$nom] = $valeur;
    }
}
$question = lire_question($reglages);
if ($question === null) {
    refuser();
}
$reponse = new Reponse($reglages, $question);
if ($question['do'] === 'check') {
    verifier($reponse, $reglages, count($acces) > 0);
} else {
    try {
        donner_page($reponse, $reglages, $question);
    } catch (PDOException $erreur) {
        // Le numéro seul : le message de MySQL dit le nom du compte.
        $reponse->ecrire('<fault number="' . numero($erreur) . '"/>');
        $reponse->finir();
    }
}

/** Le fichier src-acces.php, au-dessus du dossier public ou ici ; open_basedir peut cacher le premier. */
function trouver_acces(string $dossier): array
{
    $public = $_SERVER['DOCUMENT_ROOT'] ?? '';
    foreach ([$public === '' ? '' : dirname($public), dirname($dossier), $dossier] as $lieu) {
        $fichier = $lieu . '/src-acces.php';
        if ($lieu !== '' && @is_file($fichier)) {
            $donnees = @include $fichier;
            return is_array($donnees) ? $donnees : [];
        }
    }
    return [];
}

/** La question, si elle est signée, récente et pour cette source ; sinon null. */
function lire_question(array $reglages): ?array
{
    $entete = static function (string $nom): string {
        return (string) ($_SERVER['HTTP_X_SRC_' . $nom] ?? '');
    };
    $parametre = static function (string $nom): string {
        return isset($_GET[$nom]) && is_string($_GET[$nom]) ? $_GET[$nom] : '';
    };
    $question = [
        'do' => $parametre('do'),
        'after' => $parametre('after'),
        'rows' => $parametre('rows'),
        'seconds' => $parametre('seconds'),
        'known' => $parametre('known'),
        'nonce' => $entete('NONCE'),
    ];
    $heure = $entete('TIME');
    if (strlen($reglages['cle']) < 32 || ($_SERVER['REQUEST_METHOD'] ?? '') !== 'GET') {
        return null;
    }
    if (!preg_match('/^\d{10}$/D', $heure) || abs(time() - (int) $heure) > SRC_FENETRE) {
        return null;
    }
    if (!preg_match('/^[0-9A-Za-z_-]{16,64}$/D', $question['nonce'])) {
        return null;
    }
    if (!hash_equals($reglages['source'], $entete('KEY'))) {
        return null;
    }
    $lignes = ['src-pull-1', $reglages['source'], 'GET', $question['do'], $question['after'], $question['rows'],
        $question['seconds'], $question['known'], $heure, $question['nonce']];
    $attendue = hash_hmac('sha256', implode("\n", $lignes), $reglages['cle']);
    return hash_equals($attendue, $entete('SIGNATURE')) ? $question : null;
}

/** Rien d’autre que le code : qui n’a pas la clé n’apprend rien. */
function refuser(): void
{
    http_response_code(403);
    header('Content-Type: text/plain');
    header_remove('X-Powered-By');
    exit;
}

/** Un document XML envoyé au fil de l’eau, compté, et signé à la fin : coupé, il se voit. */
final class Reponse
{
    private $hachage;
    private string $attente = '';
    private int $lignes = 0;

    public function __construct(array $reglages, array $question)
    {
        while (ob_get_level() > 0) {
            ob_end_clean();
        }
        header('Content-Type: application/xml; charset=UTF-8');
        header('Cache-Control: no-store');
        header('X-Accel-Buffering: no');
        header_remove('X-Powered-By');
        $this->hachage = hash_init('sha256', HASH_HMAC, $reglages['cle']);
        hash_update($this->hachage, "src-answer-1\n" . $question['nonce'] . "\n");
        $this->ecrire('<?xml version="1.0" encoding="UTF-8"?>' . "\n"
            . '<contacts source="' . echapper($reglages['source']) . '" version="1.1" nonce="' . $question['nonce'] . '">' . "\n");
    }

    public function ecrire(string $texte): void
    {
        $this->attente .= $texte;
        if (strlen($this->attente) > 32768) {
            $this->vider();
        }
    }

    public function contact(string $texte): void
    {
        $this->lignes++;
        $this->ecrire($texte);
    }

    public function lignes(): int
    {
        return $this->lignes;
    }

    /** $suite : l’identifiant du dernier contact s’il en reste ; $etat : ce que la table était. */
    public function finir(string $suite = '', string $etat = ''): void
    {
        $this->vider();
        $suite = bin2hex($suite);
        hash_update($this->hachage, "\n" . $this->lignes . "\n" . $suite . "\n" . $etat);
        echo '<end rows="' . $this->lignes . '" next="' . $suite . '" state="' . $etat . '" hmac="'
            . hash_final($this->hachage) . '"/>' . "\n</contacts>\n";
        flush();
    }

    private function vider(): void
    {
        hash_update($this->hachage, $this->attente);
        echo $this->attente;
        $this->attente = '';
        flush();
    }
}

/** Une page de la table, par identifiant croissant, dans le temps donné ; « inchangé » si SRC connaît déjà son état. */
function donner_page(Reponse $reponse, array $reglages, array $question): void
{
    $debut = microtime(true);
    $secondes = max(1, min(60, (int) $question['seconds']));
    $lignes = max(1, min(SRC_LIGNES_MAX, (int) $question['rows']));
    $base = ouvrir($reglages);
    $etat = '';
    if ($question['after'] === '') {
        $etat = etat($base, $reglages);
        if ($question['known'] !== '' && hash_equals($etat, $question['known'])) {
            $reponse->finir('', $etat);
            return;
        }
    }
    $identifiant = nom($reglages['identifiant']);
    $colonnes = colonnes($reglages);
    $choix = [$identifiant . ' AS `src_id`'];
    foreach (array_values($colonnes) as $rang => $colonne) {
        $choix[] = nom($colonne) . ' AS `c' . $rang . '`';
    }
    $requete = 'SELECT ' . implode(', ', $choix) . ' FROM ' . nom($reglages['table']);
    $apres = $question['after'] === '' ? null : hex2bin($question['after']);
    if (is_string($apres)) {
        $requete .= ' WHERE ' . $identifiant . ' > ' . $base->quote($apres);
    }
    $requete .= ' ORDER BY ' . $identifiant . ' LIMIT ' . ($lignes + 1);
    $dernier = '';
    $suite = false;
    foreach ($base->query($requete, PDO::FETCH_NUM) as $ligne) {
        // Une ligne de plus que demandé : il reste quelqu’un. Le temps est passé : la suite à la prochaine question.
        if ($reponse->lignes() >= $lignes || ($dernier !== '' && microtime(true) - $debut > $secondes)) {
            $suite = true;
            break;
        }
        $dernier = (string) array_shift($ligne);
        $reponse->contact(contact($dernier, array_combine(array_keys($colonnes), $ligne), $reglages['vider']));
    }
    $reponse->finir($suite ? $dernier : '', $etat);
}

function numero(PDOException $erreur): string
{
    return (string) ($erreur->errorInfo[1] ?? $erreur->getCode());
}

function ouvrir(array $reglages): PDO
{
    $brut = defined('Pdo\Mysql::ATTR_USE_BUFFERED_QUERY')
        ? constant('Pdo\Mysql::ATTR_USE_BUFFERED_QUERY')
        : constant('PDO::MYSQL_ATTR_USE_BUFFERED_QUERY');
    // « hote » peut aussi être « serveur;port=3307 » ou « localhost;unix_socket=/… ».
    $lieu = 'mysql:host=' . $reglages['hote'] . ';dbname=' . $reglages['base'] . ';charset=utf8mb4';
    return new PDO($lieu, $reglages['compte'], $reglages['mot_de_passe'], [
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        // Ligne par ligne : la mémoire ne grandit pas avec la table.
        $brut => false,
    ]);
}

/** Le nombre de lignes et la somme de leurs empreintes : vaut pour toute table, datée ou non. */
function etat(PDO $base, array $reglages): string
{
    $valeurs = ['IFNULL(' . nom($reglages['identifiant']) . ", '~')"];
    foreach (colonnes($reglages) as $colonne) {
        $valeurs[] = 'IFNULL(' . nom($colonne) . ", '~')";
    }
    $tout = "CONCAT_WS('|', " . implode(', ', $valeurs) . ')';
    $requete = "SELECT COUNT(*), COALESCE(SUM(CRC32($tout)), 0) FROM " . nom($reglages['table']);
    $ligne = $base->query($requete)->fetchAll(PDO::FETCH_NUM)[0];
    $forme = substr(hash('sha256', serialize([$reglages['table'], $reglages['colonnes'], $reglages['vider']])), 0, 12);
    return $ligne[0] . '-' . $ligne[1] . '-' . $forme;
}

function colonnes(array $reglages): array
{
    return array_filter($reglages['colonnes'], static function ($colonne) {
        return is_string($colonne) && $colonne !== '';
    });
}

/** Un nom de table ou de colonne, où rien ne peut être glissé ; « base.table » en est deux. */
function nom(string $nom): string
{
    return '`' . str_replace(['`', '.'], ['``', '`.`'], $nom) . '`';
}

function contact(string $identifiant, array $ligne, array $vider): string
{
    $valeurs = array_map('propre', $ligne);
    if (isset($valeurs['graduationYear'])) {
        $valeurs['graduationYear'] = preg_match('/(?:19|20)\d\d/', $valeurs['graduationYear'], $annee) ? $annee[0] : '';
    }
    $element = static function (string $champ, string $balise = '') use ($valeurs, $vider): string {
        $valeur = $valeurs[$champ] ?? '';
        $balise = $balise === '' ? $champ : $balise;
        if ($valeur !== '') {
            return "<$balise>" . echapper($valeur) . "</$balise>";
        }
        return array_key_exists($champ, $valeurs) && in_array($champ, $vider, true) ? "<$balise clear=\"true\"/>" : '';
    };
    $xml = '<contact id="' . echapper(propre($identifiant)) . '"' . modifie($valeurs['updatedAt'] ?? '') . '>';
    foreach (['kind', 'firstName', 'lastName', 'graduationYear', 'phone', 'website', 'locale'] as $champ) {
        $xml .= $element($champ);
    }
    $xml .= $element('email') . $element('email2', 'email');
    $adresse = $element('street') . $element('postcode') . $element('city') . $element('country');
    if ($adresse !== '') {
        $xml .= '<address>' . $adresse . '</address>';
    } elseif (array_key_exists('city', $valeurs) && in_array('address', $vider, true)) {
        $xml .= '<address clear="true"/>';
    }
    if (($valeurs['organisation'] ?? '') !== '') {
        $xml .= '<organisation>' . $element('organisation', 'name') . $element('siret') . $element('jobTitle') . '</organisation>';
    }
    return $xml . "</contact>\n";
}

/** « 2024-09-14 10:12:00 » ; 0000-00-00 n’est pas une date. */
function modifie(string $date): string
{
    if (!preg_match('/^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d))?/', $date, $morceaux) || $morceaux[1] === '0000-00-00') {
        return '';
    }
    return ' updatedAt="' . $morceaux[1] . (isset($morceaux[2]) ? 'T' . $morceaux[2] : '') . '"';
}

/** Un texte que XML peut dire : en UTF-8, sans caractère de contrôle, les accents doublement codés remis à l’endroit. */
function propre($valeur): string
{
    $texte = trim((string) $valeur);
    if ($texte === '' || preg_match('/^[\x20-\x7e]*$/D', $texte)) {
        return strpos($texte, '0000-00-00') === 0 ? '' : $texte;
    }
    if (!preg_match('//u', $texte)) {
        $texte = strtr($texte, array_flip(octets()));
    } else {
        $texte = remis($texte);
    }
    return trim(preg_replace('/[^\x{9}\x{A}\x{D}\x{20}-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]/u', '', $texte) ?? '');
}

/** « Ã‰lodie » est « Élodie » lue deux fois ; un texte sain reste tel quel. */
function remis(string $texte): string
{
    if (!preg_match('/[\xC3][\x82\x83]|\xC3\xA2\xE2/', $texte)) {
        return $texte;
    }
    $octets = strtr($texte, octets());
    return preg_match('//u', $octets) ? $octets : $texte;
}

/** Chaque caractère de Windows-1252, écrit en UTF-8 => son octet. */
function octets(): array
{
    static $table = null;
    if ($table === null) {
        $table = [];
        for ($octet = 0x80; $octet < 0x100; $octet++) {
            $table[chr(0xC0 | $octet >> 6) . chr(0x80 | $octet & 0x3F)] = chr($octet);
        }
        $particuliers = ['80' => '€', '82' => '‚', '83' => 'ƒ', '84' => '„', '85' => '…', '86' => '†', '87' => '‡', '88' => 'ˆ',
            '89' => '‰', '8a' => 'Š', '8b' => '‹', '8c' => 'Œ', '8e' => 'Ž', '91' => '‘', '92' => '’', '93' => '“', '94' => '”',
            '95' => '•', '96' => '–', '97' => '—', '98' => '˜', '99' => '™', '9a' => 'š', '9b' => '›', '9c' => 'œ', '9e' => 'ž', '9f' => 'Ÿ'];
        foreach ($particuliers as $octet => $caractere) {
            $table[$caractere] = hex2bin($octet);
        }
    }
    return $table;
}

function echapper(string $texte): string
{
    return strtr($texte, ['&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;', "\r" => '&#13;']);
}

/** Ce qu’il y a à corriger ici, chaque constat par son nom : SRC l’explique à qui a pressé « Vérifier ». */
function verifier(Reponse $reponse, array $reglages, bool $aPart): void
{
    $constats = [];
    $faits = ['php' => PHP_VERSION, 'memory' => (string) ini_get('memory_limit'), 'seconds' => (string) ini_get('max_execution_time')];
    $https = ($_SERVER['HTTPS'] ?? '') !== '' && strtolower((string) $_SERVER['HTTPS']) !== 'off';
    if (!$https && ($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '') !== 'https') {
        $constats[] = ['code' => 'noHttps'];
    }
    if (!$aPart) {
        $constats[] = ['code' => 'passwordInScript'];
    }
    if (!extension_loaded('pdo_mysql')) {
        $constats[] = ['code' => 'noPdo'];
    } else {
        try {
            $constats = array_merge($constats, verifier_table(ouvrir($reglages), $reglages, $faits));
        } catch (PDOException $erreur) {
            $constats[] = ['code' => 'database', 'number' => numero($erreur)];
        }
    }
    $json = json_encode(['facts' => $faits, 'findings' => $constats], JSON_INVALID_UTF8_SUBSTITUTE);
    $reponse->ecrire('<check>' . base64_encode((string) $json) . '</check>' . "\n");
    $reponse->finir();
}

function verifier_table(PDO $base, array $reglages, array &$faits): array
{
    $faits['server'] = (string) $base->getAttribute(PDO::ATTR_SERVER_VERSION);
    $constats = [];
    if ($reglages['table'] === '') {
        return [['code' => 'noTable', 'table' => '']];
    }
    try {
        $presentes = [];
        foreach ($base->query('SHOW FULL COLUMNS FROM ' . nom($reglages['table']))->fetchAll(PDO::FETCH_ASSOC) as $colonne) {
            $presentes[strtolower($colonne['Field'])] = $colonne;
        }
    } catch (PDOException $erreur) {
        return [['code' => 'noTable', 'table' => $reglages['table']]];
    }
    $faits['columns'] = implode(', ', array_column($presentes, 'Field'));
    $voulues = array_merge(['id' => $reglages['identifiant']], colonnes($reglages));
    $absentes = array_filter($voulues, static function ($colonne) use ($presentes) {
        return !isset($presentes[strtolower($colonne)]);
    });
    if ($absentes) {
        return array_merge($constats, [['code' => 'noColumn', 'columns' => implode(', ', $absentes)]]);
    }
    if (!array_intersect_key($reglages['colonnes'], ['lastName' => 1, 'email' => 1])) {
        $constats[] = ['code' => 'noName'];
    }
    if (!in_array($presentes[strtolower($reglages['identifiant'])]['Key'], ['PRI', 'UNI'], true)) {
        $constats[] = ['code' => 'keyNotUnique', 'columns' => $reglages['identifiant']];
    }
    $etat = explode('-', etat($base, $reglages));
    $faits['rows'] = $etat[0];
    if ($etat[0] === '0') {
        $constats[] = ['code' => 'emptyTable', 'table' => $reglages['table']];
    }
    return array_merge($constats, verifier_textes($base, $reglages, $presentes));
}

/** Parmi les mille derniers : accents codés deux fois (remis à l’endroit par ce script), dates 0000-00-00 (laissées vides). */
function verifier_textes(PDO $base, array $reglages, array $presentes): array
{
    $constats = [];
    $colonnes = array_values(array_unique(colonnes($reglages)));
    if (!$colonnes) {
        return $constats;
    }
    $jeux = [];
    foreach ($colonnes as $colonne) {
        $jeu = explode('_', (string) $presentes[strtolower($colonne)]['Collation'])[0];
        if ($jeu !== '' && strpos($jeu, 'utf8') !== 0 && $jeu !== 'ascii') {
            $jeux[$colonne] = $jeu;
        }
    }
    $doubles = [];
    $nulles = [];
    $requete = 'SELECT ' . implode(', ', array_map('nom', $colonnes)) . ' FROM ' . nom($reglages['table'])
        . ' ORDER BY ' . nom($reglages['identifiant']) . ' DESC LIMIT 1000';
    foreach ($base->query($requete, PDO::FETCH_NUM) as $ligne) {
        foreach ($ligne as $rang => $valeur) {
            $texte = (string) $valeur;
            if ($texte !== '' && preg_match('//u', $texte) && remis($texte) !== $texte) {
                $doubles[$colonnes[$rang]] = true;
            }
            if (strpos($texte, '0000-00-00') === 0) {
                $nulles[$colonnes[$rang]] = true;
            }
        }
    }
    foreach (['otherCharset' => array_keys($jeux), 'mojibake' => array_keys($doubles), 'zeroDates' => array_keys($nulles)] as $code => $ou) {
        if ($ou) {
            $constats[] = ['code' => $code, 'columns' => implode(', ', $ou)];
        }
    }
    return $constats;
}
